package io.amends.saga.definition;

import io.amends.saga.Saga;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All definitions of an application, several versions side by side. Immutable. */
public final class SagaRegistry {

    private final Map<String, TreeMap<Integer, SagaDefinition>> byName = new TreeMap<>();
    private final Map<Class<?>, SagaDefinition> byClass;

    private SagaRegistry(Collection<SagaDefinition> definitions, Map<Class<?>, SagaDefinition> byClass) {
        this.byClass = Map.copyOf(byClass);
        definitions.forEach(definition -> byName.computeIfAbsent(definition.name(), name -> new TreeMap<>())
                .put(definition.version(), definition));
    }

    /**
     * The registry of sagas that were built, and of those that classes declare.
     *
     * @throws InvalidSagaException if two have the same name and version
     */
    public static SagaRegistry of(Collection<SagaDefinition> built, Map<Class<?>, SagaDefinition> declared) {
        List<Problem> problems = duplicates(built, declared, List.of());
        if (!problems.isEmpty()) {
            throw new InvalidSagaException(problems);
        }
        List<SagaDefinition> all = new ArrayList<>(built);
        all.addAll(declared.values());
        return new SagaRegistry(all, new HashMap<>(declared));
    }

    /**
     * The names and versions that stand twice.
     *
     * @param unread classes with {@link Saga} that have problems of their own, so that only their annotation counts
     */
    public static List<Problem> duplicates(
            Collection<SagaDefinition> built, Map<Class<?>, SagaDefinition> declared, Collection<Class<?>> unread) {
        Map<Class<?>, String> titles = new TreeMap<>(Comparator.comparing(Class::getName));
        declared.forEach((type, definition) -> titles.put(type, title(definition.name(), definition.version())));
        for (Class<?> type : unread) {
            Saga saga = type.getAnnotation(Saga.class);
            if (saga != null) {
                titles.put(type, title(saga.name(), saga.version()));
            }
        }
        Map<String, List<String>> sources = new TreeMap<>();
        titles.forEach((type, title) ->
                sources.computeIfAbsent(title, key -> new ArrayList<>()).add(type.getName()));
        built.forEach(definition -> sources.computeIfAbsent(
                        title(definition.name(), definition.version()), key -> new ArrayList<>())
                .add("a builder"));
        List<Problem> problems = new ArrayList<>();
        sources.forEach((title, from) -> {
            if (from.size() > 1) {
                problems.add(new Problem(
                        ProblemCode.DUPLICATE_VERSION,
                        String.join(" and ", from),
                        "both declare %s.".formatted(title),
                        "Give one of them another name, or the next version."));
            }
        });
        return problems;
    }

    private static String title(String name, int version) {
        return "%s version %d".formatted(name, version);
    }

    /** That version of that saga. */
    public Optional<SagaDefinition> find(String name, int version) {
        TreeMap<Integer, SagaDefinition> versions = byName.get(name);
        return versions == null ? Optional.empty() : Optional.ofNullable(versions.get(version));
    }

    /** The newest version of that saga. */
    public Optional<SagaDefinition> newest(String name) {
        TreeMap<Integer, SagaDefinition> versions = byName.get(name);
        return versions == null
                ? Optional.empty()
                : Optional.of(versions.lastEntry().getValue());
    }

    /** The saga that the class declares; a subclass that a container made counts as the class. */
    public Optional<SagaDefinition> ofClass(Class<?> sagaClass) {
        SagaDefinition found = null;
        for (Class<?> type = sagaClass; found == null && type != null; type = type.getSuperclass()) {
            found = byClass.get(type);
        }
        return Optional.ofNullable(found);
    }

    /** The names of all sagas, sorted. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** Every definition, by name and version. */
    public List<SagaDefinition> all() {
        return byName.values().stream()
                .flatMap(versions -> versions.values().stream())
                .toList();
    }
}
