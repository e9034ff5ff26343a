package io.flinkha.agent.deploy;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.stream.Stream;

/**
 * The smallest thing that a Role can grant.
 *
 * @param name of the one object that it is about; empty for all
 */
record Permission(String group, String resource, String verb, String name) {

    static List<Permission> of(Role role) {
        return role.getRules().stream().flatMap(Permission::of).toList();
    }

    private static Stream<Permission> of(PolicyRule rule) {
        List<String> names =
                rule.getResourceNames().isEmpty() ? List.of("") : rule.getResourceNames();
        return rule.getApiGroups().stream()
                .flatMap(group ->
                        rule.getResources().stream()
                                .flatMap(resource ->
                                        rule.getVerbs().stream()
                                                .flatMap(verb ->
                                                        names.stream()
                                                                .map(name ->
                                                                        new Permission(
                                                                                group, resource,
                                                                                verb, name)))));
    }

    PolicyRule rule() {
        PolicyRuleBuilder rule =
                new PolicyRuleBuilder()
                        .withApiGroups(group)
                        .withResources(resource)
                        .withVerbs(verb);
        return name.isEmpty() ? rule.build() : rule.withResourceNames(name).build();
    }

    /** Whether the API server knows by now that this account may do that. */
    boolean isGrantedTo(KubernetesClient account, String namespace) {
        SelfSubjectAccessReview question =
                new SelfSubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withNewResourceAttributes()
                        .withNamespace(namespace)
                        .withGroup(group)
                        .withResource(resource)
                        .withVerb(verb)
                        .withName(name)
                        .endResourceAttributes()
                        .endSpec()
                        .build();
        return account.authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(question)
                .getStatus()
                .getAllowed();
    }

    @Override
    public String toString() {
        return verb + " " + resource + (name.isEmpty() ? "" : " " + name);
    }
}
