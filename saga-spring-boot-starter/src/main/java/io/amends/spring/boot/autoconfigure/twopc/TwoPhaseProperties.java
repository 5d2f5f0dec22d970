package io.amends.spring.boot.autoconfigure.twopc;

import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import io.amends.spring.boot.autoconfigure.PropertyProblems;
import io.amends.twopc.TwoPhaseEndpointSettings;
import io.amends.twopc.TwoPhaseSettings;
import io.amends.twopc.http.TwoPhaseHttp;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of two-phase commit. Immutable; values that can't work are refused all at once, see
 * {@link InvalidSagaPropertiesException}.
 *
 * @param installation Name of all coordinators that share a decision log; part of the names of prepared transactions, so
 *     never change it while any is left. The application's name by default.
 * @param coordinator Name of this process, which no other running process has. One that is the same after a restart has its
 *     old transactions settled at once, others wait for take-over-after. Made up by default.
 * @param participants Who takes part, by name. Each has either a url of JDBC, or the name of a data-source bean, or the uri of
 *     a service and its secret. Without any there is no coordinator.
 * @param workTimeout How long the caller's work may take.
 * @param prepareTimeout How long a participant may take to prepare.
 * @param decisionTimeout How long writing the decision may take.
 * @param commitTimeout How long the caller waits for the participants' commits; what takes longer is left to recovery.
 * @param attempts How often work that loses a deadlock or a serialisation conflict is run at most.
 * @param backoff Longest pause before the second of these attempts; doubles with each further one.
 * @param retention How long decisions are kept once they are carried out.
 * @param recoverEvery How often what is in doubt is looked for.
 * @param takeOverAfter Age from which on a prepared transaction without a decision is rolled back, whoever began it.
 * @param concurrency How many transactions run at once; at most the size of each participant's pool.
 * @param endpoint What coordinators elsewhere may ask of this service.
 */
@ConfigurationProperties(TwoPhaseProperties.PREFIX)
public record TwoPhaseProperties(
        @Nullable String installation,
        @Nullable String coordinator,
        @DefaultValue Map<String, Participant> participants,
        @DefaultValue("30s") Duration workTimeout,
        @DefaultValue("10s") Duration prepareTimeout,
        @DefaultValue("5s") Duration decisionTimeout,
        @DefaultValue("10s") Duration commitTimeout,
        @DefaultValue("3") int attempts,
        @DefaultValue("20ms") Duration backoff,
        @DefaultValue("7d") Duration retention,
        @DefaultValue("10s") Duration recoverEvery,
        @DefaultValue("60s") Duration takeOverAfter,
        @DefaultValue("16") int concurrency,
        @DefaultValue Endpoint endpoint) {

    /** What all of these settings begin with. */
    public static final String PREFIX = "saga.twopc";

    private static final Duration ONE_MILLISECOND = Duration.ofMillis(1);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final int MAX_ATTEMPTS = 100;
    private static final int MAX_CONCURRENCY = 1_000;

    /**
     * Checks the values together.
     *
     * @throws InvalidSagaPropertiesException if any can't work; it lists all of them
     */
    public TwoPhaseProperties {
        participants = Map.copyOf(participants);
        PropertyProblems problems = new PropertyProblems();
        name(problems, "installation", installation);
        name(problems, "coordinator", coordinator);
        participants.forEach((name, participant) -> {
            name(problems, "participants", name);
            participant.check(problems, PREFIX + ".participants." + name);
        });
        problems.atLeast("saga.twopc.work-timeout", workTimeout, ONE_MILLISECOND);
        problems.atLeast("saga.twopc.prepare-timeout", prepareTimeout, ONE_MILLISECOND);
        problems.atLeast("saga.twopc.decision-timeout", decisionTimeout, ONE_MILLISECOND);
        problems.atLeast("saga.twopc.commit-timeout", commitTimeout, ONE_MILLISECOND);
        problems.within("saga.twopc.attempts", attempts, 1, MAX_ATTEMPTS);
        problems.notNegative("saga.twopc.backoff", backoff);
        problems.notNegative("saga.twopc.retention", retention);
        problems.atLeast("saga.twopc.recover-every", recoverEvery, ONE_MILLISECOND);
        problems.notNegative("saga.twopc.take-over-after", takeOverAfter);
        problems.within("saga.twopc.concurrency", concurrency, 1, MAX_CONCURRENCY);
        endpoint.check(problems);
        problems.throwIfAny();
    }

    private static void name(PropertyProblems problems, String property, @Nullable String name) {
        if (name != null && !NAME.matcher(name).matches()) {
            problems.add(
                    "%s.%s: '%s' becomes part of the names of prepared transactions; use letters, digits, '_', '.' and '-'.",
                    PREFIX, property, name);
        }
    }

    /** The same as the coordinator takes it. */
    TwoPhaseSettings settings() {
        return new TwoPhaseSettings(
                workTimeout,
                prepareTimeout,
                decisionTimeout,
                commitTimeout,
                attempts,
                backoff,
                retention,
                recoverEvery,
                takeOverAfter,
                concurrency);
    }

    /**
     * A participant: a database, or a service.
     *
     * @param url JDBC address of its database, for which a pool of its own is made.
     * @param username User of that database.
     * @param password Password of that user.
     * @param poolSize Most connections of that pool; four more than the concurrency by default.
     * @param dataSource Name of the bean that is its database.
     * @param uri Address of its service, without "/twopc".
     * @param secret Secret of that service's endpoint.
     */
    public record Participant(
            @Nullable String url,
            @Nullable String username,
            @Nullable String password,
            @Nullable Integer poolSize,
            @Nullable String dataSource,
            @Nullable URI uri,
            @Nullable String secret) {

        private void check(PropertyProblems problems, String property) {
            long ways =
                    Stream.of(url, dataSource, uri).filter(way -> way != null).count();
            if (ways != 1) {
                problems.add(
                        "%s has %d of url, data-source and uri, but must have one: its database, or its service.",
                        property, ways);
            }
            if (url != null && !url.startsWith("jdbc:postgresql:")) {
                problems.add("%s.url must begin with jdbc:postgresql:, since nothing else is supported.", property);
            }
            if (uri != null && secret == null) {
                problems.add(
                        "%s.secret is missing: it is what the service has as saga.twopc.endpoint.secret.", property);
            }
            if (poolSize != null) {
                problems.within(property + ".pool-size", poolSize, 1, MAX_CONCURRENCY);
            }
        }
    }

    /**
     * What coordinators elsewhere may ask of this service. It exists if there is a bean of type TwoPhaseWork.
     *
     * @param secret What coordinators must send as bearer token, at least 16 characters. Without it the start is refused.
     * @param prepareTimeout How long work and prepare of a branch may take, even if its coordinator allows more.
     * @param settleTimeout How long commit and rollback of a branch may take, even if its coordinator allows more.
     * @param retention How long the ends of branches are remembered; longer than a request may be on its way.
     * @param concurrency How many branches are at work at once, each with a connection; fewer than the pool has.
     */
    public record Endpoint(
            @Nullable String secret,
            @DefaultValue("30s") Duration prepareTimeout,
            @DefaultValue("10s") Duration settleTimeout,
            @DefaultValue("1d") Duration retention,
            @DefaultValue("8") int concurrency) {

        private void check(PropertyProblems problems) {
            if (secret != null && secret.length() < TwoPhaseHttp.SHORTEST_SECRET) {
                problems.add(
                        "saga.twopc.endpoint.secret has %d characters, but must have at least %d: whoever knows it may write to this service's database.",
                        secret.length(), TwoPhaseHttp.SHORTEST_SECRET);
            }
            problems.atLeast("saga.twopc.endpoint.prepare-timeout", prepareTimeout, ONE_MILLISECOND);
            problems.atLeast("saga.twopc.endpoint.settle-timeout", settleTimeout, ONE_MILLISECOND);
            problems.atLeast("saga.twopc.endpoint.retention", retention, ONE_MILLISECOND);
            problems.within("saga.twopc.endpoint.concurrency", concurrency, 1, MAX_CONCURRENCY);
        }

        /** The same as the endpoint takes it. */
        TwoPhaseEndpointSettings settings() {
            return new TwoPhaseEndpointSettings(prepareTimeout, settleTimeout, retention, concurrency);
        }
    }
}
