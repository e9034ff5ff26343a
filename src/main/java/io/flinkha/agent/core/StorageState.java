package io.flinkha.agent.core;

import org.jspecify.annotations.Nullable;

/** What the storage was asked for before a start is decided. */
final class StorageState extends Slot {
    /** The sha256 of the plan that was checked. */
    @Nullable String checkedPlan;

    /** What the check found, null if the plan is intact. */
    @Nullable String planDamage;

    /** Whether the storage was asked for a copy of the manifest. */
    boolean mirrorLookedFor;

    /** The newest copy, null if there is none. */
    @Nullable String mirror;

    @Override
    public String toString() {
        return text(
                "checkedPlan=" + checkedPlan,
                "planDamage=" + planDamage,
                "mirrorLookedFor=" + mirrorLookedFor,
                "mirror=" + mirror);
    }
}
