package io.flinkha.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.contract.FakeSupervisor;
import io.flinkha.agent.core.Notice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchedSupervisorTest {
    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final List<Notice> notices = new ArrayList<>();
    private final WatchedSupervisor watched = new WatchedSupervisor(supervisor, notices::add);

    private void orders(String... wrong) {
        for (String sentence : wrong) {
            supervisor.wrong = sentence;
            assertEquals(sentence, watched.kill(7).orElse(""));
        }
    }

    @Test
    void anOrderThatIsGivenIsNoNews() {
        orders("", "");
        assertEquals(List.of(7L, 7L), supervisor.killed);
        assertEquals(List.of(), notices);
    }

    @Test
    void oneThatCannotBeGivenIsToldOnChangeOnly() {
        orders("no FIFO", "no FIFO", "not writable", "", "", "not writable");
        String told = "WARNING KillNotOrdered the JobManager cannot be killed by its supervisor: ";
        assertEquals(
                List.of(told + "no FIFO", told + "not writable", told + "not writable"),
                notices.stream()
                        .map(notice ->
                                notice.kind() + " " + notice.reason() + " " + notice.message())
                        .toList());
        assertEquals(List.of(7L, 7L), supervisor.killed);
    }
}
