package io.amends.twopc;

import java.util.Optional;
import java.util.function.Function;

/**
 * Which prepared transactions recovery may touch. A cluster may have those of other applications and of other transaction
 * managers, and to end one of them would break their atomicity.
 *
 * @param prefix what their names begin with
 * @param reads reads a name; empty if it is somebody else's
 */
record Ours(String prefix, Function<String, Optional<Gid>> reads) {

    static Ours of(CoordinatorName name) {
        return new Ours(Gid.prefix(name.installation()), text -> Gid.parse(text, name.installation()));
    }
}
