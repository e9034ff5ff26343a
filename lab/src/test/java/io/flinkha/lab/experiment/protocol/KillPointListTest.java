package io.flinkha.lab.experiment.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.lab.api.AgentWrite;
import io.flinkha.lab.api.CommitHold.Point;
import io.flinkha.lab.api.ControlMessage;
import io.flinkha.lab.experiment.protocol.KillPoint.Call;
import io.flinkha.lab.experiment.protocol.KillPoint.Target;
import io.flinkha.lab.experiment.protocol.KillPoint.Write;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KillPointListTest {
    /** Commits that stand for a call that is a point itself. */
    private static final Set<AgentWrite> BEHIND_A_CALL =
            EnumSet.of(AgentWrite.IDS, AgentWrite.PLAN_DROP);

    private final List<KillPoint> points =
            Stream.of(
                            KillPointList.shared(),
                            KillPointList.firstStarts(),
                            KillPointList.ends(),
                            KillPointList.failures())
                    .flatMap(List::stream)
                    .toList();

    @Test
    void everyCallIsThere() {
        EnumSet.allOf(ControlMessage.class)
                .forEach(message ->
                        assertSides(new Call(message), message == ControlMessage.GATE_OPEN));
    }

    @Test
    void everyWriteIsThere() {
        EnumSet.complementOf(EnumSet.copyOf(BEHIND_A_CALL))
                .forEach(write -> assertSides(new Write(write), false));
    }

    @Test
    void noNameIsThereTwice() {
        Set<String> names = points.stream().map(KillPoint::name).collect(Collectors.toSet());
        assertEquals(points.size(), names.size());
    }

    private void assertSides(Target target, boolean onlyAfter) {
        Set<Point> sides =
                points.stream()
                        .filter(point -> point.target().equals(target))
                        .map(KillPoint::point)
                        .collect(Collectors.toSet());
        assertTrue(sides.contains(Point.AFTER), target::title);
        assertEquals(!onlyAfter, sides.contains(Point.BEFORE), target::title);
    }
}
