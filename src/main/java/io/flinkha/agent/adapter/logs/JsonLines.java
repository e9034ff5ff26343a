package io.flinkha.agent.adapter.logs;

import io.flinkha.agent.core.State;
import io.flinkha.agent.core.manifest.Manifest;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.JsonFormatter;

/**
 * The log as one JSON object a line, with the keys of Quarkus' own JSON log, and with whom a line
 * is about: {@code clusterId}, {@code namespace}, {@code pod}, {@code epoch} and {@code jobId}.
 */
public final class JsonLines extends JsonFormatter {
    private final Map<String, String> always;
    private final Supplier<State> state;

    /**
     * @param always in each line
     */
    public JsonLines(Map<String, String> always, Supplier<State> state) {
        this.always = Map.copyOf(always);
        this.state = state;
        setExceptionOutputType(ExceptionOutputType.FORMATTED);
        setRecordDelimiter("\n");
    }

    /** From now on; what was written before stays as it is. */
    public void install() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            install(handler);
        }
    }

    private void install(Handler handler) {
        handler.setFormatter(this);
        if (handler instanceof ExtHandler several) {
            for (Handler one : several.getHandlers()) {
                install(one);
            }
        }
    }

    @Override
    protected void after(Generator line, ExtLogRecord logged) throws Exception {
        for (Map.Entry<String, String> one : always.entrySet()) {
            line.add(one.getKey(), one.getValue());
        }
        State now = state.get();
        line.add("epoch", now.lease().epoch());
        Manifest committed = now.manifest().committed();
        if (committed != null && committed.run() != null) {
            line.add("jobId", committed.run().jobId());
        }
    }
}
