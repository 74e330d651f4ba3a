/// Counts things.
#[derive(Debug)]
pub struct Counter {
    total: i64,
}

#[actor(derive(Clone, Debug))]
impl Counter {
    /// Adds `by` and returns the new total.
    pub fn add(&mut self, by: i64) -> i64 {
        self.total += by;
        self.total
    }
    /// Starts again from 0.
    pub fn reset(&mut self) {
        self.total = 0;
    }
    /// Divides the total; panics on 0.
    pub fn divide(&mut self, by: i64) -> i64 {
        self.total /= by;
        self.total
    }
}

impl Actor for Counter {
    type Args = i64;
    fn start(_ctx: &mut Context<Self>, from: &i64) -> Result<Self, Failure> {
        Ok(Counter { total: *from })
    }
}
