import { testSeeds } from './test-seeds.ts';

// The other half of the seeds, in a worker of its own beside the first.

testSeeds(61, 60);
