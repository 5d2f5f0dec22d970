package io.amends.dashboard.search;

import io.amends.dashboard.tenants.TenantScope;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which sagas are meant. Conditions of different kinds must all hold; of several of one kind, one must. So does each
 * attribute's name count as a kind. Immutable; its text says all of it, and is read back as the same filter.
 *
 * @param terms the conditions; none means all sagas
 */
public record SagaFilter(List<Term> terms) {

    /** All sagas. */
    public static final SagaFilter ALL = new SagaFilter(List.of());

    public SagaFilter {
        terms = List.copyOf(new LinkedHashSet<>(terms));
    }

    /**
     * Reads a filter, such as {@code saga:money-transfer phase:STUCK error:"timed out" older:5m}. A bare id is that of a
     * saga or of a message, another bare word a business key.
     *
     * @throws BadFilterException if it can't be understood; it names every problem
     */
    public static SagaFilter parse(String text) {
        return parse(text, null);
    }

    /**
     * Likewise, where {@code tenant:a} is short for the search attribute that holds a saga's tenant.
     *
     * @param tenantAttribute that attribute, null where there are no tenants
     * @throws BadFilterException if it can't be understood; it names every problem
     */
    public static SagaFilter parse(String text, @Nullable String tenantAttribute) {
        return new SagaFilter(FilterText.read(text, tenantAttribute));
    }

    /**
     * The same of those tenants alone; empty if no saga can be like that. Its text says so too, so that it means the same
     * wherever it is read.
     */
    public Optional<SagaFilter> within(TenantScope scope) {
        String attribute = scope.attribute();
        if (attribute == null) {
            return Optional.of(this);
        }
        List<String> named = tenants(attribute);
        List<String> tenants = scope.tenants().stream()
                .filter(tenant -> named.isEmpty() || named.contains(tenant))
                .toList();
        Stream<Term> others = terms.stream().filter(term -> !isTenant(term, attribute));
        return tenants.isEmpty()
                ? Optional.empty()
                : Optional.of(new SagaFilter(Stream.concat(
                                others, tenants.stream().map(tenant -> new Term.Attribute(attribute, tenant)))
                        .toList()));
    }

    /** Whether it is for sagas of those tenants alone, as its own text says. */
    public boolean isWithin(TenantScope scope) {
        String attribute = scope.attribute();
        if (attribute == null) {
            return true;
        }
        List<String> named = tenants(attribute);
        return !named.isEmpty() && scope.tenants().containsAll(named);
    }

    private List<String> tenants(String attribute) {
        return terms.stream()
                .filter(term -> isTenant(term, attribute))
                .map(term -> ((Term.Attribute) term).value())
                .toList();
    }

    private static boolean isTenant(Term term, String attribute) {
        return term instanceof Term.Attribute named && named.name().equals(attribute);
    }

    /** The filter as text. */
    public String text() {
        return terms.stream().map(Term::text).collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
        return text();
    }
}
