package io.amends.twopc;

/**
 * What a remote participant is to do.
 *
 * @param body the bytes; not copied
 * @param contentType their media type, such as {@code application/json}
 */
public record RemoteWork(byte[] body, String contentType) {}
