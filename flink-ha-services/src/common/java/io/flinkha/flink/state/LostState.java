package io.flinkha.flink.state;

import io.flinkha.flink.jvm.Halt;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a person needs to know of a start whose latest state cannot be had. */
public final class LostState {
    private static final Logger LOG = LoggerFactory.getLogger(LostState.class);

    private LostState() {}

    /**
     * Not found or damaged: trying again does not help.
     *
     * @param olderMayExist whether allowing an older checkpoint may be a way out
     */
    public static Halt.Halted refuse(
            Halt halt, List<MetadataFile.Reading> lost, boolean olderMayExist) {
        return halt.now(
                Halt.REFUSED,
                "the state to start from is lost: "
                        + lost
                        + ". Ways out: bring the file back; or name another checkpoint or savepoint"
                        + " in the agent's flink-ha.restore.path; or start empty, by a new Job whose"
                        + " agent has flink-ha.restore.strategy=none"
                        + (olderMayExist
                                ? "; or go back to an older checkpoint, where one is recorded, by the"
                                        + " agent's flink-ha.restore.allow-older-checkpoint=true."
                                : "."));
    }

    /** Passing over it would start from something older although nothing is lost. */
    public static Halt.Halted tryAgain(Halt halt, MetadataFile.Reading unreachable) {
        return halt.now(
                Halt.FAILED_START,
                "the storage of the state to start from does not answer, the start is tried again: "
                        + unreachable.detail());
    }

    public static void goBack(List<MetadataFile.Reading> lost, String older) {
        LOG.error(
                "The latest state is lost ({}), and {} is taken in its place: processing goes back to"
                        + " it, and all records since then are processed again.",
                lost,
                older);
    }
}
