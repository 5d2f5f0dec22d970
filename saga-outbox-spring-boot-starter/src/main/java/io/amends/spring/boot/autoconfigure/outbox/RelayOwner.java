package io.amends.spring.boot.autoconfigure.outbox;

/**
 * What the relay of this process is called in the lease table.
 *
 * @param name a name that no other process has, also not this one after a restart
 */
public record RelayOwner(String name) {}
