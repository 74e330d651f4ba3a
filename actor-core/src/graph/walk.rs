//! Who leads to whom, along the edges that stand.

use std::collections::BTreeMap;

use super::cycle::Step;
use super::{Node, State};

impl State {
    /// The cycle that an edge would close.
    pub(super) fn steps(&self, from: Node, step: &Step, to: Node) -> Option<Vec<Step>> {
        let way = self.way(to, from)?;
        let edges = way.iter().filter_map(|node| self.edges.get(node));
        let steps = edges.map(|edge| edge.step.clone());
        Some(std::iter::once(step.clone()).chain(steps).collect())
    }

    /// The nodes on a way from `start` to `end`, without the end, if whoever waits for `start` waits
    /// for `end`.
    pub(super) fn way(&self, start: Node, end: Node) -> Option<Vec<Node>> {
        let mut way = Vec::new();
        self.walk(start, end, &mut way, &mut BTreeMap::new())
            .then_some(way)
    }

    /// There is no cycle among the edges that stand, so the walk ends. Only where ways part could a
    /// node be walked from twice: what is known of it is in `forks`. One of several ends that are
    /// waited for is enough; of a pool, all workers must lead back.
    fn walk(
        &self,
        start: Node,
        end: Node,
        way: &mut Vec<Node>,
        forks: &mut BTreeMap<Node, bool>,
    ) -> bool {
        let begun = way.len();
        let mut next = self.resolve(start, end);
        while next != end {
            let Some(edge) = self.edges.get(&next) else {
                let back = self.is_stuck_pool(next, end, way, forks);
                if !back {
                    way.truncate(begun);
                }
                return back;
            };
            if !edge.also.is_empty() && forks.insert(next, false).is_some() {
                way.truncate(begun);
                return false;
            }
            way.push(next);
            let found = |also: &Node| self.walk(*also, end, way, forks);
            if edge.also.iter().any(found) {
                return true;
            }
            next = self.resolve(edge.to, end);
        }
        true
    }

    /// Whether this is a pool all of whose workers wait for `end`, or for the pool itself.
    fn is_stuck_pool(
        &self,
        node: Node,
        end: Node,
        way: &mut Vec<Node>,
        forks: &mut BTreeMap<Node, bool>,
    ) -> bool {
        let Node::Actor(pool) = node else {
            return false;
        };
        let Some(workers) = self.pools.get(&pool) else {
            return false;
        };
        // While it is looked at, it is taken for stuck: it is, unless a worker leads elsewhere.
        if let Some(known) = forks.insert(node, true) {
            forks.insert(node, known);
            return known;
        }
        let mut first = true;
        let stuck = workers.iter().all(|worker| {
            let mut other = Vec::new();
            let way = if std::mem::take(&mut first) {
                &mut *way
            } else {
                &mut other
            };
            self.walk(Node::Actor(*worker), end, way, forks)
        });
        forks.insert(node, stuck);
        stuck
    }

    /// A desk that waits for no child waits for its supervisor, which starts, stops or is down;
    /// one that runs has no edge.
    pub(super) fn resolve(&self, node: Node, end: Node) -> Node {
        match node {
            Node::Desk(id) if node != end && !self.edges.contains_key(&node) => Node::Actor(id),
            other => other,
        }
    }
}
