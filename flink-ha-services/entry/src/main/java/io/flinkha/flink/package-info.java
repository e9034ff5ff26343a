/**
 * What a user's configuration names, the same on all lines of Flink.
 *
 * <p>Byte code of Java 8: on an image that is too old the JVM would else refuse the classes before
 * they could say what to do. The lines' own classes lie in packages below, in the same jar. Nothing
 * in here is null; it is not marked so, as the mark needs Java 9.
 */
package io.flinkha.flink;
