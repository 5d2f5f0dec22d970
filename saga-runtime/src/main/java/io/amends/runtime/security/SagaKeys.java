package io.amends.runtime.security;

import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys by their ids. An application that keeps its keys elsewhere than in its properties gives a bean of this type.
 * It is asked for each message by many threads, inside a transaction: what has to be fetched over a network must be at hand
 * already. Implementations are safe for use by many threads.
 */
@FunctionalInterface
public interface SagaKeys {

    /**
     * The key of that id, null if there is none. The id comes from a message, so anybody may have chosen it; it has 64
     * characters at most, which are letters, digits, dots, hyphens and underscores. What is thrown is taken for trouble of
     * this process, so that the message is tried again and its partition waits; so throw nothing for an id that is unknown.
     */
    @Nullable
    SecretKey find(KeyUse use, String keyId);
}
