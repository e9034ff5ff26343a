package io.flinkha.agent;

import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.command.Commands;
import io.flinkha.agent.command.Waiting;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * The agent, or one act of a person, which must not start the agent: its ports and its Lease may be
 * in use beside it.
 */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... args) {
        if (args.length == 0) {
            Quarkus.run();
            return;
        }
        Commands commands =
                new Commands(KubernetesObjects::connect, System.getenv()::get, Waiting.REAL);
        System.exit(commands.line().execute(args));
    }
}
