package io.flinkha.lab.store;

import java.util.Map;

/**
 * A store that runs.
 *
 * @param environment what its clients need, credentials above all
 */
public record Store(String name, String uri, String endpoint, Map<String, String> environment) {}
