package io.amends.runtime.orchestrator;

import io.amends.runtime.sql.Arguments;
import io.amends.saga.definition.Fingerprint;
import io.amends.saga.definition.InvalidSagaException;
import io.amends.saga.definition.Problem;
import io.amends.saga.definition.ProblemCode;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Compares the registered definitions with those that unfinished instances were started with. Used once, before the
 * first reply is read.
 */
public final class SagaVersions {

    private static final Logger log = LoggerFactory.getLogger(SagaVersions.class);

    private final JdbcOperations jdbc;
    private final SagaRegistry registry;

    /** For those definitions, on that database. */
    public SagaVersions(JdbcOperations jdbc, SagaRegistry registry) {
        this.jdbc = jdbc;
        this.registry = registry;
    }

    private record Unfinished(String name, int version, String fingerprint, String text, long number) {}

    /**
     * Notes the definitions, and warns of versions that unfinished instances have and this process has not: another
     * process may have them.
     *
     * @throws InvalidSagaException if a definition changed while instances of it are unfinished, with the difference
     */
    public void check() {
        List<Problem> changed = changed();
        if (!changed.isEmpty()) {
            throw new InvalidSagaException(changed);
        }
        note();
    }

    /** The definitions that changed while instances of them are unfinished, with the difference; warns as {@link #check} does. */
    public List<Problem> changed() {
        List<Problem> changed = new ArrayList<>();
        for (Unfinished unfinished : unfinished()) {
            Optional<SagaDefinition> known = registry.find(unfinished.name(), unfinished.version());
            if (known.isEmpty()) {
                log.warn(
                        "{} {} unfinished instances are of '{}' version {}, which this process does not have; they wait for one that has. Keep a version registered until its last instance has ended.",
                        ProblemCode.UNREGISTERED_VERSION.code(),
                        unfinished.number(),
                        unfinished.name(),
                        unfinished.version());
            } else if (!known.get().fingerprint().equals(unfinished.fingerprint())) {
                changed.add(
                        new Problem(
                                ProblemCode.FINGERPRINT_CHANGED,
                                "%s v%d".formatted(unfinished.name(), unfinished.version()),
                                "%d unfinished instances were started with another definition:%n%s"
                                        .formatted(
                                                unfinished.number(),
                                                difference(unfinished.text(), Fingerprint.text(known.get()))),
                                "Declare the change as the next version, and keep this one as it was until its last instance has ended."));
            }
        }
        return changed;
    }

    private List<Unfinished> unfinished() {
        return jdbc.query(
                """
                select i.saga_name, i.saga_version, i.fingerprint, coalesce(d.text, '') as text, count(*) as number
                  from saga_instance i
                  left join saga_definition d using (saga_name, saga_version, fingerprint)
                 where i.phase in ('RUNNING', 'COMPENSATING', 'STUCK')
                 group by 1, 2, 3, 4 order by 1, 2, 3""",
                (row, number) -> new Unfinished(
                        row.getString("saga_name"),
                        row.getInt("saga_version"),
                        row.getString("fingerprint"),
                        row.getString("text"),
                        row.getLong("number")));
    }

    /** Notes the definitions, once nothing is wrong with them. */
    public void note() {
        List<SagaDefinition> all = registry.all();
        jdbc.update(
                """
                insert into saga_definition (saga_name, saga_version, fingerprint, text)
                select * from unnest(?::text[], ?::int[], ?::text[], ?::text[])
                on conflict (saga_name, saga_version, fingerprint) do nothing""",
                new Arguments.Plain()
                        .array("text", all, SagaDefinition::name)
                        .array("int", all, SagaDefinition::version)
                        .array("text", all, SagaDefinition::fingerprint)
                        .array("text", all, Fingerprint::text));
        DefinitionSteps.note(jdbc, all);
    }

    /** Lines that only one of them has; a definition is a line a step, so that their order matters little. */
    private static String difference(String before, String after) {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        return Stream.concat(
                        old.stream().filter(line -> !now.contains(line)).map(line -> "      - " + line),
                        now.stream().filter(line -> !old.contains(line)).map(line -> "      + " + line))
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
