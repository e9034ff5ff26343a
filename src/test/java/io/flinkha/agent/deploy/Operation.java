package io.flinkha.agent.deploy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.port.Result;
import java.util.List;
import java.util.function.Function;

/** Something that is asked of the API server with an account of its own. */
record Operation(String name, Function<KubernetesClient, Result<?>> call) {

    /** Anything but a refusal and success is a mistake of the test. */
    private boolean isRefusedTo(KubernetesClient account) {
        return call.apply(account)
                .fold(
                        done -> false,
                        (outcome, reason) -> {
                            if (outcome != Outcome.FORBIDDEN) {
                                throw new AssertionError(name + ": " + outcome + ", " + reason);
                            }
                            return true;
                        });
    }

    static List<String> refused(List<Operation> operations, KubernetesClient account) {
        return operations.stream()
                .filter(operation -> operation.isRefusedTo(account))
                .map(Operation::name)
                .toList();
    }
}
