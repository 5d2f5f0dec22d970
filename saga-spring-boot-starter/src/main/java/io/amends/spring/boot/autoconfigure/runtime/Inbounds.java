package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.wire.Inbound;
import java.util.List;

/**
 * What this process reads, whichever way it comes.
 *
 * @param all a topic each
 */
record Inbounds(List<Inbound> all) {

    Inbounds {
        all = List.copyOf(all);
    }
}
