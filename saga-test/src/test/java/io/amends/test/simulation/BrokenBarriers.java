package io.amends.test.simulation;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import io.amends.test.memory.MemoryDatabase;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Barriers that let something through. */
final class BrokenBarriers {

    private BrokenBarriers() {}

    private static class Sound implements Barrier {

        private final Barrier real;

        Sound(Barrier real) {
            this.real = real;
        }

        @Override
        public Set<Made> claim(List<Claim> claims) {
            return real.claim(claims);
        }

        @Override
        public Loaded load(List<Key> keys) {
            return real.load(keys);
        }

        @Override
        public void close(Set<Key> actions, StoredReply reply) {
            real.close(actions, reply);
        }

        @Override
        public void withdraw(List<Key> keys) {
            real.withdraw(keys);
        }

        @Override
        public Set<Made> renew(List<Claim> claims) {
            return real.renew(claims);
        }

        @Override
        public void seal(Set<Key> actions) {
            real.seal(actions);
        }

        @Override
        public void storeReplies(Map<Key, StoredReply> replies) {
            real.storeReplies(replies);
        }
    }

    static final class ClaimsFirst extends Sound {

        private final MemoryDatabase database;

        ClaimsFirst(Barrier real, MemoryDatabase database) {
            super(real);
            this.database = database;
        }

        @Override
        public Set<Made> claim(List<Claim> claims) {
            return Broken.own(database, () -> super.claim(claims));
        }

        @Override
        public Loaded load(List<Key> keys) {
            Map<Key, StoredReply> found = new LinkedHashMap<>(super.load(keys).replies());
            keys.forEach(key -> found.putIfAbsent(
                    key,
                    new StoredReply(
                            Outcome.SUCCESS,
                            key.kind() == CommandKind.ACTION ? "moved" : "undone",
                            "{}".getBytes(StandardCharsets.UTF_8))));
            return new Loaded(found, Set.of());
        }
    }

    static final class NoTombstone extends Sound {

        NoTombstone(Barrier real) {
            super(real);
        }

        @Override
        public Set<Made> claim(List<Claim> claims) {
            return super.claim(
                    claims.stream().filter(claim -> claim.outcome() == null).toList());
        }
    }

    /** Takes an operator's word for another command. */
    static final class SuccessAskedAnew extends Sound {

        SuccessAskedAnew(Barrier real) {
            super(real);
        }

        @Override
        public Set<Made> renew(List<Claim> claims) {
            super.withdraw(claims.stream().map(Claim::key).toList());
            return super.claim(claims);
        }
    }

    static final class ActionAfterCompensation extends Sound {

        ActionAfterCompensation(Barrier real) {
            super(real);
        }

        @Override
        public Set<Made> claim(List<Claim> claims) {
            Set<Made> made = new HashSet<>(super.claim(claims));
            for (Claim claim : claims) {
                boolean action = claim.key().kind() == CommandKind.ACTION && claim.outcome() == null;
                StoredReply stored = super.load(List.of(claim.key())).replies().get(claim.key());
                if (action && stored != null && stored.type().equals(ReservedTypes.ACTION_AFTER_COMPENSATION)) {
                    made.add(new Made(claim.key(), claim.messageId()));
                }
            }
            return made;
        }
    }
}
