package io.flinkha.agent.simulation;

/**
 * How often something happened, in one world or in many: it proves that they were not too quiet.
 */
final class Tally {
    /** Gates that were opened, each for another epoch. */
    long opens;

    long acknowledgements;
    long storeCommits;
    long fresh;
    long resumed;
    long restored;
    long results;

    /** Leases that were released for the pod that stood by. */
    long handOvers;

    /** Marks put while the Lease was waited for, and claims whose wait counted from one. */
    long earlyMarks;

    long earlyWaits;

    void add(Tally other) {
        opens += other.opens;
        acknowledgements += other.acknowledgements;
        storeCommits += other.storeCommits;
        fresh += other.fresh;
        resumed += other.resumed;
        restored += other.restored;
        results += other.results;
        handOvers += other.handOvers;
        earlyMarks += other.earlyMarks;
        earlyWaits += other.earlyWaits;
    }
}
