package io.flinkha.agent.simulation;

/**
 * A fault that is planned.
 *
 * @param taking 0 for a fault at a time of its own; else after the Lease write number {@code
 *     taking} of an epoch that was not claimed yet: the weakest moment there is
 * @param atMillis true time since the start, or since that Lease write
 * @param draw seed of what else there is to decide: which pod, for how long
 */
record Strike(int taking, long atMillis, Fault fault, long draw) {
    @Override
    public String toString() {
        return (taking == 0 ? "at %d ms" : "taking " + taking + " + %d ms").formatted(atMillis)
                + " "
                + fault
                + " draw "
                + draw;
    }
}
