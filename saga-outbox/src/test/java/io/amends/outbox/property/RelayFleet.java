package io.amends.outbox.property;

import io.amends.outbox.relay.ProducerMode;
import io.amends.outbox.relay.ReadMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Relays as processes. None outlives this JVM, not even a paused one when this JVM is killed. Used by one thread. */
final class RelayFleet implements AutoCloseable {

    private static final AtomicInteger STARTS = new AtomicInteger();
    private static final int[] CHUNKS = {10, 100, 30};
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final EmbeddedPostgresServer server;
    private final String jdbcUrl;
    private final String bootstrapServers;
    private final ReadMode reads;
    private final ProducerMode writes;
    private final FaultLog faults;
    private final List<Member> members = new ArrayList<>();
    private final Thread killer = new Thread(this::kill, "property-relays-kill");

    private record Member(String name, Process process) {}

    RelayFleet(
            EmbeddedPostgresServer server,
            String jdbcUrl,
            String bootstrapServers,
            ReadMode reads,
            ProducerMode writes,
            FaultLog faults) {
        this.server = server;
        this.jdbcUrl = jdbcUrl;
        this.bootstrapServers = bootstrapServers;
        this.reads = reads;
        this.writes = writes;
        this.faults = faults;
        Runtime.getRuntime().addShutdownHook(killer);
    }

    synchronized int size() {
        return members.size();
    }

    /** Where the relays' logs are. */
    static Path logs() {
        return Path.of("target", "property-relays");
    }

    /** Another relay, with chunks of one of a few sizes. */
    synchronized void add(int pick) {
        String name = "relay-%d".formatted(STARTS.incrementAndGet());
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                RelayProcess.class.getName(),
                name,
                jdbcUrl,
                server.username(),
                server.password(),
                bootstrapServers,
                reads.name(),
                writes.name(),
                String.valueOf(CHUNKS[pick % CHUNKS.length]));
        try {
            Path log = Files.createDirectories(logs())
                    .resolve("%s-%d.log".formatted(name, ProcessHandle.current().pid()));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            members.add(new Member(name, process));
            faults.note(name + " is added");
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    /** SIGKILL. */
    synchronized void killOne(int pick) {
        if (!members.isEmpty()) {
            Member member = members.remove(pick % members.size());
            faults.note(member.name() + " is killed");
            member.process().destroyForcibly();
        }
    }

    /** SIGSTOP, and SIGCONT later. A process of its own does both, so that no relay stays paused if this JVM dies. */
    synchronized void pauseOne(int pick, Duration time) {
        if (!members.isEmpty()) {
            Member member = members.get(pick % members.size());
            long pid = member.process().pid();
            faults.note("%s is paused for %d ms".formatted(member.name(), time.toMillis()));
            String seconds = String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0);
            try {
                new ProcessBuilder("sh", "-c", "kill -STOP %d; sleep %s; kill -CONT %d".formatted(pid, seconds, pid))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException trouble) {
                throw new UncheckedIOException(trouble);
            }
        }
    }

    /** Stops it as a deployment does. */
    synchronized void removeOne(int pick) {
        if (!members.isEmpty()) {
            remove(members.remove(pick % members.size()));
        }
    }

    private void remove(Member member) {
        faults.note(member.name() + " is asked to stop");
        try {
            member.process().getOutputStream().write('\n');
            member.process().getOutputStream().flush();
        } catch (IOException gone) {
            faults.note(member.name() + " was gone already");
        }
        Thread waiter = new Thread(() -> awaitEnd(member), "property-stops-" + member.name());
        waiter.setDaemon(true);
        waiter.start();
    }

    private void awaitEnd(Member member) {
        try {
            boolean ended = member.process().waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            faults.note(member.name() + (ended ? " has stopped" : " does not stop, and is killed"));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            member.process().destroyForcibly();
        }
    }

    /** The relays that have ended by themselves, which none should. */
    synchronized List<String> ended() {
        return members.stream()
                .filter(member -> !member.process().isAlive())
                .map(member -> "%s ended by itself with %d"
                        .formatted(member.name(), member.process().exitValue()))
                .toList();
    }

    private synchronized void kill() {
        members.forEach(member -> member.process().destroyForcibly());
    }

    /** Kills all and waits for their end. */
    synchronized void end() throws InterruptedException {
        kill();
        for (Member member : members) {
            member.process().waitFor();
        }
        members.clear();
    }

    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException ending) {
            // The hook itself runs, and has nothing more to do.
            return;
        }
    }
}
