import fc from 'fast-check';

/**
 * Properties draw the same values in each run, so that a run says of a change what it did and not what chance did.
 * `PLIMSOLL_TEST_SEED=random` draws others (a failure prints its seed), a number draws those of that seed.
 */
const seed = process.env.PLIMSOLL_TEST_SEED ?? '20261124';
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });

export default fc;
