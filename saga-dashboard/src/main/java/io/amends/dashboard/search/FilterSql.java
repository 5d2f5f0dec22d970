package io.amends.dashboard.search;

import io.amends.dashboard.failures.FailureShape;
import io.amends.dashboard.stuck.AgeBucket;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckSql;
import io.amends.runtime.sql.Arguments;
import io.amends.saga.engine.SagaPhase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A filter as the conditions of a statement on {@code saga_instance i}, and as {@code with} clauses that they need. It is
 * put together from constants; what the filter says goes in as arguments. Used for one statement and thrown away.
 */
public final class FilterSql {

    private static final String OPEN = "s.status in ('SENT', 'UNKNOWN', 'COMPENSATING', 'COMPENSATION_FAILED')";
    private static final String UNFINISHED = "i.phase in ('RUNNING', 'COMPENSATING', 'STUCK')";

    private static final String OF_MESSAGE = """
            i.saga_id in (%sselect h.saga_id from saga_timeline h where h.message_id = any(?::uuid[])
                          union all
                          select case when k.aggregateid ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'
                                      then k.aggregateid::uuid end
                            from saga_parked k where k.id = any(?::uuid[]))""";

    private static final String IN_GROUP = """
            exists (select from (select 1) one
            %s where %s = any(?::text[]))""".formatted(
                    StuckSql.AT_STEP,
                    FailureShape.id(
                            "i.saga_name",
                            "at.step",
                            "s.code",
                            FailureShape.sql(StuckSql.TEXT),
                            FailureShape.place(StuckSql.FRAMES)));

    private final List<String> conditions = new ArrayList<>(List.of("true"));
    private final Arguments.Plain arguments;
    private final boolean asksWhatIsStuck;
    private final int attributes;

    /** Of that filter. */
    public FilterSql(SagaFilter filter, StuckAllowances allowances) {
        this.asksWhatIsStuck = filter.terms().stream()
                .anyMatch(term ->
                        term instanceof Term.Reason || term instanceof Term.Stuck || term instanceof Term.Group);
        this.arguments = asksWhatIsStuck ? StuckSql.arguments(allowances) : new Arguments.Plain();
        Map<String, List<String>> values = asksWhatIsStuck ? values(filter) : Map.of();
        values.forEach((name, some) -> arguments.value(name).array("text", some, Function.identity()));
        this.attributes = values.size();
        Map<String, List<Term>> kinds = filter.terms().stream()
                .collect(Collectors.groupingBy(FilterSql::kind, LinkedHashMap::new, Collectors.toList()));
        kinds.values().forEach(this::anyOf);
    }

    /** "with" and what follows, or nothing. */
    public String with() {
        return asksWhatIsStuck ? "with " + StuckSql.withStuck(attributes) : "";
    }

    /**
     * By attribute: what is stuck is read up to a limit, and what others have must not count towards it; a tenant's sagas would
     * not be found behind those.
     */
    private static Map<String, List<String>> values(SagaFilter filter) {
        return filter.terms().stream()
                .filter(Term.Attribute.class::isInstance)
                .map(Term.Attribute.class::cast)
                .collect(Collectors.groupingBy(
                        Term.Attribute::name,
                        LinkedHashMap::new,
                        Collectors.mapping(Term.Attribute::value, Collectors.toList())));
    }

    /** What of {@code stuck s} the conditions need: a join, or nothing. */
    public String join() {
        return asksWhatIsStuck ? " join stuck s using (saga_id)" : "";
    }

    /**
     * With {@link #with} before it, a statement that gives rows of another, and whether all was read that these are of, as {@code is_all}
     * in each; at least one row, with that alone if the other one has none.
     *
     * @param rows the other statement, which is called {@code f}
     * @param order the columns that the rows are ordered by
     */
    public String telling(String rows, String order) {
        return with() + "select k.is_all, f.* from (select "
                + (asksWhatIsStuck ? "not is_cut as is_all from cut" : "true as is_all") + ") k left join (" + rows
                + ") f on true order by " + order;
    }

    /** Whether there is a {@code stuck s}. */
    public boolean asksWhatIsStuck() {
        return asksWhatIsStuck;
    }

    /** The conditions. */
    public String where() {
        return String.join(" and ", conditions);
    }

    /** The arguments of all that, in their order; more may be added. */
    public Arguments.Plain arguments() {
        return arguments;
    }

    private static String kind(Term term) {
        return term instanceof Term.Attribute attribute
                ? "attribute " + attribute.name()
                : term.getClass().getSimpleName();
    }

    /** The terms are of one kind. */
    private void anyOf(List<Term> terms) {
        Term first = terms.get(0);
        if (first instanceof Term.Attribute) {
            values(terms, Term.Attribute.class, term -> term).forEach(attribute -> {
                arguments.value(attribute.name());
                arguments.value(attribute.value());
            });
            either(terms.size(), "i.attributes @> jsonb_build_object(?::text, ?::text)");
        } else if (first instanceof Term.ErrorText) {
            values(terms, Term.ErrorText.class, Term.ErrorText::words).forEach(words -> {
                arguments.value(words);
                arguments.value(words);
            });
            either(terms.size(), UNFINISHED + """
                     and (position(lower(?) in lower(i.reason)) > 0
                          or exists (select from saga_step s
                                      where s.saga_id = i.saga_id and position(lower(?) in lower(s.error)) > 0))""");
        } else if (first instanceof Term.StartedFrom) {
            each(
                    values(terms, Term.StartedFrom.class, term -> term.time().toString()),
                    "i.created_at >= ?::timestamptz");
        } else if (first instanceof Term.StartedBefore) {
            each(
                    values(terms, Term.StartedBefore.class, term -> term.time().toString()),
                    "i.created_at < ?::timestamptz");
        } else if (first instanceof Term.Older) {
            each(
                    values(terms, Term.Older.class, term -> term.age().toMillis()),
                    "i.created_at <= (select clock_timestamp()) - ? * interval '1 millisecond'");
        } else if (first instanceof Term.Phase) {
            // Constants of ours, and not an argument: otherwise the index of what is unfinished could not be used.
            conditions.add(values(terms, Term.Phase.class, Term.Phase::phase).stream()
                    .map(SagaPhase::name)
                    .collect(Collectors.joining("', '", "i.phase in ('", "')")));
        } else {
            listed(first, terms);
        }
    }

    private void listed(Term first, List<Term> terms) {
        if (first instanceof Term.AnyId) {
            List<Object> ids = values(terms, Term.AnyId.class, Term.AnyId::id);
            // One list of ids, which the index is asked for; an "or" would read every saga.
            conditions.add(OF_MESSAGE.formatted("select unnest(?::uuid[]) union all "));
            arguments.array("uuid", ids, id -> id).array("uuid", ids, id -> id).array("uuid", ids, id -> id);
        } else if (first instanceof Term.Message) {
            List<Object> ids = values(terms, Term.Message.class, Term.Message::id);
            conditions.add(OF_MESSAGE.formatted(""));
            arguments.array("uuid", ids, id -> id).array("uuid", ids, id -> id);
        } else if (first instanceof Term.Id) {
            conditions.add("i.saga_id = any(?::uuid[])");
            arguments.array("uuid", values(terms, Term.Id.class, Term.Id::id), id -> id);
        } else if (first instanceof Term.Version) {
            conditions.add("i.saga_version = any(?::int[])");
            arguments.array("int", values(terms, Term.Version.class, Term.Version::number), number -> number);
        } else if (first instanceof Term.Key) {
            // The index of keys begins with the name.
            texts(
                    "(i.saga_name, i.business_key) in (select d.saga_name, k from (select distinct saga_name from saga_definition) d cross join unnest(?::text[]) k)",
                    values(terms, Term.Key.class, Term.Key::key));
        } else if (first instanceof Term.Name) {
            texts("i.saga_name = any(?::text[])", values(terms, Term.Name.class, Term.Name::name));
        } else if (first instanceof Term.Node) {
            texts(
                    "(i.saga_name, i.saga_version) in (select n.saga_name, n.saga_version from saga_node_definition n where n.node = any(?::text[]))",
                    values(terms, Term.Node.class, Term.Node::name));
        } else if (first instanceof Term.Reason) {
            texts(
                    "s.code = any(?::text[])",
                    values(terms, Term.Reason.class, term -> term.reason().name()));
        } else if (first instanceof Term.Stuck) {
            stuckFor(values(terms, Term.Stuck.class, term -> Optional.ofNullable(term.age())));
        } else if (first instanceof Term.At) {
            texts(
                    "exists (select from saga_step s where s.saga_id = i.saga_id and s.step = any(?::text[]) and (s.held_for is not null or "
                            + OPEN + "))",
                    values(terms, Term.At.class, Term.At::step));
        } else if (first instanceof Term.Asked) {
            texts(
                    "exists (select from saga_step s where s.saga_id = i.saga_id and coalesce(s.held_for, s.participant) = any(?::text[]) and (s.held_for is not null or "
                            + OPEN + "))",
                    values(terms, Term.Asked.class, Term.Asked::participant));
        } else {
            texts(IN_GROUP, values(terms, Term.Group.class, Term.Group::id));
        }
    }

    /** For any time, the join says it. */
    private void stuckFor(List<Optional<AgeBucket>> ages) {
        if (ages.stream().allMatch(Optional::isPresent)) {
            texts(
                    StuckSql.AGE + " = any(?::text[])",
                    ages.stream().flatMap(Optional::stream).map(AgeBucket::name).toList());
        }
    }

    private void texts(String condition, List<String> values) {
        conditions.add(condition);
        arguments.array("text", values, value -> value);
    }

    private void each(List<? extends Object> values, String condition) {
        values.forEach(arguments::value);
        either(values.size(), condition);
    }

    private void either(int number, String condition) {
        conditions.add(Stream.generate(() -> "(" + condition + ")")
                .limit(number)
                .collect(Collectors.joining(" or ", "(", ")")));
    }

    private static <T extends Term, V> List<V> values(
            List<Term> terms, Class<T> kind, Function<? super T, ? extends V> value) {
        List<V> values = new ArrayList<>();
        terms.forEach(term -> values.add(value.apply(kind.cast(term))));
        return values;
    }
}
