// The same sieve as in src/work.rs.
const SEGMENT = 32 * 1024;

export function primes([from, to]) {
  const root = Math.floor(Math.sqrt(to)) + 1;
  const composite = new Uint8Array(root + 1);
  const small = [];
  for (let odd = 3; odd <= root; odd += 2) {
    if (composite[odd]) continue;
    small.push(odd);
    for (let multiple = odd * odd; multiple <= root; multiple += 2 * odd) composite[multiple] = 1;
  }
  let count = from <= 2 && to > 2 ? 1 : 0;
  let start = Math.max(from, 3) | 1;
  const flags = new Uint8Array(SEGMENT);
  while (start < to) {
    const odds = Math.min(Math.ceil((to - start) / 2), SEGMENT);
    flags.fill(1, 0, odds);
    const end = start + 2 * odds;
    for (const prime of small) {
      if (prime * prime >= end) break;
      const factor = Math.max(Math.ceil(start / prime), prime) | 1;
      for (let place = (factor * prime - start) / 2; place < odds; place += prime) flags[place] = 0;
    }
    for (let place = 0; place < odds; place += 1) count += flags[place];
    start = end;
  }
  return count;
}
