package io.flinkha.agent.command;

import io.flinkha.agent.adapter.kubernetes.KubernetesManifestStore;
import io.flinkha.agent.adapter.storage.CopySeal;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.Restorable;
import io.flinkha.agent.port.ManifestMirror;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An object in the storage that is called like a copy of the manifest. Whoever may write there can
 * have put it.
 *
 * @param manifest null if its content is none
 * @param mistake why that is so, else empty
 * @param seal what its seal says, for people
 * @param vouched it verifies, or nobody knows the key
 */
record StoredCopy(
        String name,
        String json,
        @Nullable Manifest manifest,
        String mistake,
        String seal,
        boolean vouched) {

    private static final int PLAN_DIGITS = 12;

    /** What would make one line look like two, or like another one. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    static StoredCopy of(String name, String copy, CopySeal by) {
        String json = CopySeal.json(copy);
        boolean verified = by.verified(name, copy).isPresent();
        String seal = verified ? "verified" : unverified(copy, by);
        boolean vouched = verified || !by.hasKey();
        try {
            Manifest manifest = KubernetesManifestStore.decode(json);
            return new StoredCopy(name, json, manifest, "", seal, vouched);
        } catch (IllegalArgumentException e) {
            return new StoredCopy(
                    name, json, null, plain(String.valueOf(e.getMessage())), seal, vouched);
        }
    }

    private static String unverified(String copy, CopySeal by) {
        if (!CopySeal.isSealed(copy)) {
            return "not sealed";
        }
        return by.hasKey()
                ? "does not verify"
                : "cannot be verified (the key went with the ConfigMap)";
    }

    /** As a person's terminal shows it: in one line, and as it is. */
    static String plain(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }

    /** Whether it may be taken without a person who names it: its name alone says nothing. */
    boolean isFit() {
        return manifest != null && isCalledAsItIs(manifest) && vouched;
    }

    private boolean isCalledAsItIs(Manifest content) {
        return ManifestMirror.name(content).equals(name);
    }

    long epochOfName() {
        return ManifestMirror.epoch(name);
    }

    /** What anybody may have made up comes last. */
    String line() {
        if (manifest == null) {
            return "%s: no manifest, %s (%s)".formatted(name, seal, mistake);
        }
        PlanRef plan = manifest.plan();
        Restorable newest = manifest.newest();
        return "%s: epoch %d, sequence %d%s, %s, %s, %s"
                .formatted(
                        name,
                        manifest.epoch(),
                        manifest.sequence(),
                        isCalledAsItIs(manifest) ? "" : " (its name says otherwise)",
                        seal,
                        plan == null ? "no plan" : "plan " + digits(plan.sha256()),
                        newest == null ? "no state" : "newest state " + plain(newest.path()));
    }

    private static String digits(String sha256) {
        return plain(sha256.substring(0, Math.min(PLAN_DIGITS, sha256.length())));
    }
}
