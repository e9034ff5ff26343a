package io.flinkha.flink.fake;

import io.flinkha.flink.jvm.Halt;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Remembers what a real one would have ended the JVM with. */
public final class FakeHalt implements Halt {
    private final List<String> reasons = new CopyOnWriteArrayList<>();
    private final List<Integer> codes = new CopyOnWriteArrayList<>();

    @Override
    public Halted now(int code, String why) {
        codes.add(code);
        reasons.add(why);
        return new Halted(code, why);
    }

    public List<Integer> codes() {
        return codes.stream().distinct().collect(Collectors.toList());
    }

    public String reason() {
        return String.join("; ", reasons);
    }
}
