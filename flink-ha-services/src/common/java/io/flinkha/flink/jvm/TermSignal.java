package io.flinkha.flink.jvm;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a signal before Flink's own handler, which stays reachable as the previous one.
 *
 * <p>By reflection: javac warns of {@code sun.misc.Signal} in a way that nothing suppresses, and a
 * runtime without it must start all the same. The JVM runs each signal on a fresh thread, so a
 * handler may wait.
 */
public final class TermSignal {
    private static final Logger LOG = LoggerFactory.getLogger(TermSignal.class);

    private TermSignal() {}

    /** The handler is given the previous one to run, or not. */
    public static void take(String name, Consumer<Runnable> handler) {
        try {
            install(name, handler);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn(
                    "This JVM does not pass SIG{} on ({}): it shuts down as Flink always does, which"
                            + " stops the job's tasks.",
                    name,
                    e.getCause() == null ? e.toString() : e.getCause().toString());
        }
    }

    private static void install(String name, Consumer<Runnable> handler)
            throws ReflectiveOperationException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Method handle = handlerType.getMethod("handle", signalType);
        Object signal = signalType.getConstructor(String.class).newInstance(name);
        // The signal may arrive before the previous handler is known.
        CompletableFuture<Object> previous = new CompletableFuture<>();
        Runnable chain = () -> run(handle, previous, signal);
        Object proxy =
                Proxy.newProxyInstance(
                        TermSignal.class.getClassLoader(),
                        new Class<?>[] {handlerType},
                        (self, method, arguments) -> {
                            if (method.getDeclaringClass() == Object.class) {
                                return method.invoke(handler, arguments);
                            }
                            handler.accept(chain);
                            return null;
                        });
        previous.complete(
                signalType
                        .getMethod("handle", signalType, handlerType)
                        .invoke(null, signal, proxy));
    }

    private static void run(Method handle, CompletableFuture<Object> previous, Object signal) {
        try {
            handle.invoke(previous.join(), signal);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // The JVM's built-in handlers cannot be called; what they would do is to exit.
            LOG.warn("The previous signal handler cannot be called, exiting instead.", e);
            System.exit(Halt.TERMINATED);
        }
    }
}
