package io.flinkha.agent.core;

/**
 * How a call to the API server failed. Only a read that shows another holder means that leadership
 * is lost.
 */
public enum Outcome {
    /** Refused: the object changed since it was read. */
    CONFLICT,
    /** The object does not exist. */
    NOT_FOUND,
    /** Refused by authorisation (401, 403). */
    FORBIDDEN,
    /** Refused for load (429). */
    THROTTLED,
    /** Never sent, or refused by a server error. */
    UNREACHABLE,
    /** Sent without an answer: it may have happened. */
    UNKNOWN
}
