package io.flinkha.agent.deploy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** The service accounts of one namespace, and clients with their tokens and nothing else. */
final class Accounts {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE_NANOS = 20_000_000;

    private final KubernetesClient admin;
    private final String namespace;

    Accounts(KubernetesClient admin, String namespace) {
        this.admin = admin;
        this.namespace = namespace;
    }

    List<Permission> granted(String role) {
        Role found = admin.rbac().roles().inNamespace(namespace).withName(role).get();
        return Permission.of(found);
    }

    /**
     * An account of its own instead of a changed Role: what the API server does not know yet is
     * refused, so that nothing is allowed by a Role of before.
     */
    KubernetesClient withNothingBut(List<Permission> permissions) {
        String name = "account-" + UUID.randomUUID();
        ObjectMeta metadata =
                new ObjectMetaBuilder().withNamespace(namespace).withName(name).build();
        create(new ServiceAccountBuilder().withMetadata(metadata).build());
        create(
                new RoleBuilder()
                        .withMetadata(metadata)
                        .withRules(permissions.stream().map(Permission::rule).toList())
                        .build());
        create(
                new RoleBindingBuilder()
                        .withMetadata(metadata)
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", name)
                        .addNewSubject("", "ServiceAccount", name, namespace)
                        .build());
        return client(name, permissions);
    }

    private void create(HasMetadata object) {
        admin.resource(object).create();
    }

    /** Returns when the API server has heard of all that {@code permissions} grant. */
    KubernetesClient client(String account, List<Permission> permissions) {
        String token =
                admin.serviceAccounts()
                        .inNamespace(namespace)
                        .withName(account)
                        .tokenRequest()
                        .getStatus()
                        .getToken();
        Config config = admin.getConfiguration();
        KubernetesClient client =
                new KubernetesClientBuilder()
                        .withConfig(
                                new ConfigBuilder(Config.empty())
                                        .withMasterUrl(config.getMasterUrl())
                                        .withCaCertData(config.getCaCertData())
                                        .withCaCertFile(config.getCaCertFile())
                                        .withTrustCerts(config.isTrustCerts())
                                        .withOauthToken(token)
                                        .withRequestRetryBackoffLimit(0)
                                        .build())
                        .build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Permission permission : permissions) {
            while (!permission.isGrantedTo(client, namespace)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(account + " may not " + permission);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return client;
    }
}
