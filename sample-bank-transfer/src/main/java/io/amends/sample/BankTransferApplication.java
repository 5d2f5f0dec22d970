package io.amends.sample;

import io.amends.sample.bank.BankService;
import io.amends.sample.demo.Demo;
import io.amends.sample.demo.DemoOptions;
import io.amends.sample.lab.FailureLab;
import io.amends.sample.lab.switches.LabSwitches;
import io.amends.sample.transfer.CoordinatorByAddress;
import io.amends.sample.transfer.TransferService;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * The two-bank transfer. {@code --role=transfer|bank-a|bank-b} runs one service on external servers; without a role all
 * three run in this JVM on an embedded PostgreSQL and an embedded Kafka. {@code --role=demo} is the demo as a client of
 * services that run elsewhere. {@code --lab} is the failure lab: the roles as processes of their own, to be broken on purpose.
 */
public final class BankTransferApplication {

    private static final Logger log = LoggerFactory.getLogger(BankTransferApplication.class);
    private static final String DATABASE = "spring.datasource.url";
    private static final String KAFKA = "spring.kafka.bootstrap-servers";

    private BankTransferApplication() {}

    /** See the class. */
    public static void main(String[] arguments) {
        SimpleCommandLinePropertySource options = new SimpleCommandLinePropertySource(arguments);
        String role = options.getProperty("role");
        if (options.containsProperty("lab")) {
            System.exit(new FailureLab(System.out).run(options));
        } else if (role == null) {
            runAll(arguments, options);
        } else if (role.equals("demo")) {
            System.exit(new Demo(DemoOptions.of(options)).run());
        } else {
            runOne(role, arguments, options);
        }
    }

    private static void runOne(String role, String[] arguments, SimpleCommandLinePropertySource options) {
        for (String property : List.of(DATABASE, KAFKA)) {
            if (setting(options, property).isEmpty()) {
                fail(
                        "Role %s needs --%s=... (or the environment variable %s). Without --role everything runs embedded in one process."
                                .formatted(role, property, variable(property)));
            }
        }
        switch (role) {
            case "transfer" -> start(TransferService.class, "transfer", 8080, arguments);
            case "bank-a" -> start(BankService.class, "bank-a", 8081, arguments);
            case "bank-b" -> start(BankService.class, "bank-b", 8082, arguments);
            default -> fail("There is no role %s; choose transfer, bank-a, bank-b or demo.".formatted(role));
        }
    }

    private static void runAll(String[] arguments, SimpleCommandLinePropertySource options) {
        if (setting(options, DATABASE).isPresent() || setting(options, KAFKA).isPresent()) {
            fail("External servers serve one role each. Add --role=transfer, --role=bank-a or --role=bank-b, or remove "
                    + DATABASE + " and " + KAFKA + ".");
        }
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.start();
        EmbeddedKafkaBroker kafka = EmbeddedKafkaBroker.start();
        // On Ctrl-C the roles come to their end first, for which they need the servers.
        postgres.stopOnlyWhenClosed();
        kafka.stopOnlyWhenClosed();
        SpringApplication.getShutdownHandlers().add(() -> {
            kafka.close();
            postgres.close();
        });
        log.info("PostgreSQL (embedded) on port {}, Kafka (embedded) at {}", postgres.port(), kafka.bootstrapServers());
        try {
            runAll(arguments, options, postgres, kafka);
        } catch (RuntimeException thrown) {
            // Spring Boot has printed why; without this the embedded servers would keep the process alive.
            System.exit(1);
        }
    }

    private static void runAll(
            String[] arguments,
            SimpleCommandLinePropertySource options,
            EmbeddedPostgresServer postgres,
            EmbeddedKafkaBroker kafka) {
        List<ConfigurableApplicationContext> roles = new ArrayList<>();
        for (String bank : List.of("bank-a", "bank-b")) {
            List<String> own = new ArrayList<>(List.of(embedded(arguments, postgres, kafka, bank.replace('-', '_'))));
            // All that is here ends with this process, so whoever sits before the page may break it.
            own.add("--bank.breakable=true");
            int port = port(options, bank, bank.equals("bank-a") ? 8081 : 8082);
            roles.add(0, start(BankService.class, bank, port, own.toArray(String[]::new)));
        }
        String bankA = address(roles.get(1));
        String bankB = address(roles.get(0));
        List<String> own = new ArrayList<>(List.of(embedded(arguments, postgres, kafka, "transfer")));
        own.add("--transfer.banks.bank-a=" + bankA);
        own.add("--transfer.banks.bank-b=" + bankB);
        roles.add(
                0,
                start(TransferService.class, "transfer", port(options, "transfer", 8080), own.toArray(String[]::new)));
        String transfer = address(roles.get(0));
        log.info("Make a transfer at {}; see and repair stuck ones at {}/amends/", transfer, transfer);
        if (options.containsProperty("demo") || options.containsProperty("transfers")) {
            int code = new Demo(DemoOptions.of(options).at(transfer, bankA, bankB)).run();
            roles.forEach(ConfigurableApplicationContext::close);
            System.exit(code);
        }
    }

    private static String[] embedded(
            String[] arguments, EmbeddedPostgresServer postgres, EmbeddedKafkaBroker kafka, String database) {
        postgres.createDatabase(database);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--" + DATABASE + "=" + postgres.jdbcUrl(database));
        all.add("--spring.datasource.username=" + postgres.username());
        all.add("--spring.datasource.password=" + postgres.password());
        all.add("--" + KAFKA + "=" + kafka.bootstrapServers());
        return all.toArray(String[]::new);
    }

    private static ConfigurableApplicationContext start(Class<?> service, String role, int port, String[] arguments) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(sources(service, arguments))
                .properties(
                        "spring.config.name=application," + (service == BankService.class ? "bank" : "transfer"),
                        "spring.application.name=" + role,
                        "bank.name=" + role,
                        "server.port=" + port)
                .initializers(new CoordinatorByAddress())
                .run(arguments);
        log.info("Role {} at {}", role, address(context));
        return context;
    }

    /** What the role is made of: the failure lab's switches are part of it only if they are asked for. */
    static Class<?>[] sources(Class<?> service, String[] arguments) {
        boolean withSwitches = service == TransferService.class
                && new SimpleCommandLinePropertySource(arguments).containsProperty(LabSwitches.FOLDER);
        return withSwitches ? new Class<?>[] {service, LabSwitches.class} : new Class<?>[] {service};
    }

    private static String address(ConfigurableApplicationContext context) {
        int port = context instanceof WebServerApplicationContext web && web.getWebServer() != null
                ? web.getWebServer().getPort()
                : 0;
        return "http://localhost:" + port;
    }

    private static int port(SimpleCommandLinePropertySource options, String role, int usual) {
        String text = options.getProperty(role + ".port");
        return text == null ? usual : Integer.parseInt(text);
    }

    private static Optional<String> setting(SimpleCommandLinePropertySource options, String property) {
        String value = options.getProperty(property);
        if (value == null) {
            value = System.getProperty(property);
        }
        return Optional.ofNullable(value != null ? value : System.getenv(variable(property)));
    }

    private static String variable(String property) {
        return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
