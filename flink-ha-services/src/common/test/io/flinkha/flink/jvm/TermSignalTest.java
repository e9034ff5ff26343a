package io.flinkha.flink.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** With SIGWINCH, which ends nothing. */
class TermSignalTest {
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @Test
    void runsBeforeThePreviousHandlerWhichItMayChainTo() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        TermSignal.take(
                "WINCH",
                previous -> {
                    handled.add("first installed");
                    done.countDown();
                });
        TermSignal.take(
                "WINCH",
                previous -> {
                    handled.add("last installed");
                    previous.run();
                });
        raise("WINCH");
        assertEquals(true, done.await(30, TimeUnit.SECONDS));
        assertEquals(List.of("last installed", "first installed"), handled);
    }

    @Test
    void goesOnWithoutASignalThatTheJvmDoesNotHave() {
        TermSignal.take("NONE", previous -> handled.add("never"));
        assertEquals(List.of(), handled);
    }

    private static void raise(String name) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Signal");
        type.getMethod("raise", type)
                .invoke(null, type.getConstructor(String.class).newInstance(name));
    }
}
