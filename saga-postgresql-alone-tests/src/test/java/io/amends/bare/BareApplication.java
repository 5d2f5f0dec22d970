package io.amends.bare;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** It has an outbox, and nothing that takes messages. In a package of its own, where nothing else is found. */
@EnableAutoConfiguration
public class BareApplication {}
