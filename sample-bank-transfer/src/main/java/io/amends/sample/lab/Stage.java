package io.amends.sample.lab;

import io.amends.sample.lab.switches.LabSwitches;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The servers and the processes of the lab, with accounts at both banks. */
final class Stage implements AutoCloseable {

    /**
     * How long each transaction that changes an account takes longer, once each, with the account locked. Installed by the lab in
     * its own database of bank B.
     */
    private static final String DELAY = """
            create table lab_delay (millis integer not null);
            insert into lab_delay values (0);
            create function lab_wait() returns trigger language plpgsql as $$
            declare wanted integer;
            begin
              if coalesce(current_setting('lab.waited', true), '') <> 'yes' then
                perform set_config('lab.waited', 'yes', true);
                select millis into wanted from lab_delay;
                if wanted > 0 then perform pg_sleep(wanted / 1000.0); end if;
              end if;
              return null;
            end $$;
            create trigger lab_wait after update on account for each statement execute function lab_wait();""";

    private static final String ACCOUNTS = """
            with opened as (
              insert into account (account, balance)
              select 'lab-' || to_char(n, 'FM00'), cast(:balance as numeric) from generate_series(0, :count - 1) n
              returning account, balance)
            insert into ledger_entry (account, amount, kind)
            select account, balance, 'OPENING' from opened
            union all select '(opening)', -balance, 'OPENING' from opened""";

    private final EmbeddedPostgresServer postgres = EmbeddedPostgresServer.start();
    private final EmbeddedKafkaBroker kafka;
    private final Path folder;
    private final Thread lastResort = new Thread(this::endAll, "failure-lab-end");
    private final List<Role> roles = new ArrayList<>();
    private boolean logsForgotten;
    private final Role bankA;
    private final Role bankB;
    private final Role transfer;
    private final Role standBy;
    private final LabDatabases databases;

    private Stage(Consumer<String> events) {
        try {
            folder = Files.createTempDirectory("amends-lab");
        } catch (IOException trouble) {
            postgres.close();
            throw new UncheckedIOException("The lab needs a temporary folder", trouble);
        }
        kafka = EmbeddedKafkaBroker.start();
        LabDatabases.DATABASES.values().forEach(postgres::createDatabase);
        bankA = role("bank-a", "bank-a", "bank_a", List.of(), events);
        bankB = role("bank-b", "bank-b", "bank_b", List.of(), events);
        transfer = transfer("transfer", events);
        standBy = transfer("stand-by", events);
        databases = new LabDatabases(postgres);
        // The servers' own hooks run at the same time, so the roles are not given the time to end well.
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    private Role transfer(String name, Consumer<String> events) {
        return role(
                name,
                "transfer",
                "transfer",
                List.of(
                        "--transfer.banks.bank-a=" + bankA.uri(),
                        "--transfer.banks.bank-b=" + bankB.uri(),
                        "--" + LabSwitches.FOLDER + "=" + folder,
                        // Shorter than usual, so that one need not wait long to see what comes.
                        "--saga.relay.lease-time=5s",
                        "--saga.twopc.prepare-timeout=5s",
                        "--saga.twopc.recover-every=1s",
                        "--saga.twopc.take-over-after=6s"),
                events);
    }

    private Role role(String name, String role, String database, List<String> more, Consumer<String> events) {
        List<String> options = new ArrayList<>(List.of(
                "--role=" + role,
                "--spring.datasource.url=" + postgres.jdbcUrl(database),
                "--spring.datasource.username=" + postgres.username(),
                "--spring.datasource.password=" + postgres.password(),
                "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers()));
        options.addAll(more);
        Role made = new Role(name, options, folder.resolve(name + ".log"), events);
        roles.add(made);
        return made;
    }

    /**
     * Starts everything but the stand-by, and waits until it is up.
     *
     * @param events is told when a process comes or goes
     * @throws IllegalStateException if a process does not come up
     */
    static Stage start(Consumer<String> events) throws InterruptedException {
        Stage made = new Stage(events);
        try {
            List<Role> first = List.of(made.bankA, made.bankB, made.transfer);
            first.forEach(Role::start);
            for (Role role : first) {
                role.awaitUp();
            }
            made.furnish();
        } catch (RuntimeException | InterruptedException trouble) {
            made.close();
            throw trouble;
        }
        return made;
    }

    private void furnish() {
        for (String bank : List.of("bank-a", "bank-b")) {
            databases
                    .of(bank)
                    .sql(ACCOUNTS)
                    .param("balance", LabOrder.OPENING)
                    .param("count", LabOrder.ACCOUNTS)
                    .update();
        }
        JdbcClient bank = databases.of("bank-b");
        bank.sql(DELAY).update();
    }

    /** What customers of both banks have at the start. */
    BigDecimal startMoney() {
        return new BigDecimal(LabOrder.OPENING).multiply(BigDecimal.valueOf(2L * LabOrder.ACCOUNTS));
    }

    LabDatabases databases() {
        return databases;
    }

    EmbeddedKafkaBroker kafka() {
        return kafka;
    }

    /** Where the switches are armed and the processes' output is. */
    Path folder() {
        return folder;
    }

    Role bankB() {
        return bankB;
    }

    Role transfer() {
        return transfer;
    }

    Role standBy() {
        return standBy;
    }

    List<Role> roles() {
        return List.copyOf(roles);
    }

    /** Where transfers are taken in: at the service, and at its stand-by while there is one. */
    List<URI> doors() {
        return standBy.state() == Role.State.UP ? List.of(transfer.uri(), standBy.uri()) : List.of(transfer.uri());
    }

    /** The services that no process runs now. */
    Set<String> down() {
        Set<String> down = new HashSet<>();
        for (Role role : List.of(bankA, bankB, transfer)) {
            boolean helped = role == transfer && standBy.state() == Role.State.UP;
            if (role.state() != Role.State.UP && !helped) {
                down.add(role.name());
            }
        }
        return down;
    }

    /** A process by its id; the lanes' owners have it in their names. */
    String nameOf(String owner) {
        for (Role role : roles) {
            if (owner.contains("-" + role.pid() + "-")) {
                return "%s (process %d)".formatted(role.name(), role.pid());
            }
        }
        return owner;
    }

    /** When this is closed, the processes' output goes too; otherwise it stays. */
    void forgetLogs() {
        logsForgotten = true;
    }

    private void deleteFolder() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException trouble) {
            throw new UncheckedIOException("The lab's folder %s can't be deleted".formatted(folder), trouble);
        }
    }

    private void endAll() {
        roles.forEach(Role::end);
    }

    @Override
    public void close() {
        endAll();
        databases.close();
        kafka.close();
        postgres.close();
        if (logsForgotten) {
            deleteFolder();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException ending) {
            // The JVM is ending, so the hook runs anyway and finds nothing to do.
            return;
        }
    }
}
