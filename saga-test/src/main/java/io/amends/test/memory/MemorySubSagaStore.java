package io.amends.test.memory;

import io.amends.runtime.store.SubSagaStore;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Sub-sagas in a {@link MemoryDatabase}. Safe for use by many threads. */
final class MemorySubSagaStore implements SubSagaStore {

    private final MemoryTable<Key, Link> links;

    MemorySubSagaStore(MemoryDatabase database) {
        this.links = database.table("saga_sub_saga");
    }

    private record Key(UUID sagaId, Role role) {}

    @Override
    public void add(Link link) {
        if (!links.insert(new Key(link.sagaId(), link.role()), link)) {
            throw new IllegalStateException("Saga %s is %s already.".formatted(link.sagaId(), link.role()));
        }
    }

    @Override
    public Optional<Link> childOf(UUID parentId, String parentStep) {
        return links.values().stream()
                .filter(link -> link.role() == Role.CHILD
                        && link.parentId().equals(parentId)
                        && link.parentStep().equals(parentStep))
                .findFirst();
    }

    @Override
    public void silence(UUID child) {
        Key key = new Key(child, Role.CHILD);
        links.lock(key)
                .ifPresent(link -> links.put(
                        key,
                        new Link(
                                link.sagaId(),
                                link.role(),
                                link.parentId(),
                                link.parentName(),
                                link.parentStep(),
                                null,
                                null)));
    }

    @Override
    public List<Link> answeredBy(Collection<UUID> sagaIds) {
        return links.values().stream()
                .filter(link -> link.token() != null && sagaIds.contains(link.sagaId()))
                .sorted(Comparator.comparing(Link::sagaId).thenComparing(Link::role))
                .toList();
    }

    @Override
    public List<Link> around(Collection<UUID> sagaIds) {
        return links.values().stream()
                .filter(link -> link.role() != Role.TURN_BACK
                        && (sagaIds.contains(link.sagaId()) || sagaIds.contains(link.parentId())))
                .toList();
    }
}
