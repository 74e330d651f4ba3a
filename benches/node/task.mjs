// A task of piscina's workers.
import { primes } from './primes.mjs';

export default ({ square, primes: range }) => (range ? primes(range) : square * square);
