package io.flinkha.agent.core.restart;

/**
 * What a pod says of itself.
 *
 * @param deleting it has a deletion timestamp
 * @param ended its phase is Failed or Succeeded, and its kubelet saw each container end; a status
 *     that was made up ({@code ContainerStatusUnknown}) or left behind does not count
 */
public record PodView(String uid, boolean deleting, boolean ended) {}
