package io.flinkha.agent.simulation;

/** A rule that the jar or the agent's runtime keeps, broken. Only mutants have any. */
enum Lapse {
    DELETES_BEFORE_COMMIT,
    UNKNOWN_IS_REFUSAL,
    IDS_FROM_THE_LAST_CHECKPOINT,
    START_AT_REGISTRATION,
    OWNS_WHAT_IT_WAS_RESTORED_FROM,
    COUNTS_FROM_THE_ANSWER,
    ORDER_OF_ANY_PROCESS,
    FINAL_WITHOUT_A_RECORD,
    STARTS_WHILE_HELD
}
