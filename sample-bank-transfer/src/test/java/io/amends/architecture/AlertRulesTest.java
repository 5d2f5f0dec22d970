package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Prometheus itself takes the alert rules and the dashboard's queries; promtool is part of Debian's package prometheus. */
class AlertRulesTest {

    private static final Path FILES = NamedTests.ROOT.resolve("docs/observability");
    private static final Pattern RUNBOOK = Pattern.compile("runbook: \"?(\\S+?)\"?\\n");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");

    @TempDir
    Path directory;

    @BeforeAll
    static void findPromtool() {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(found)
                    .as("promtool is on the PATH; .ci/run installs it with Debian's package prometheus")
                    .isTrue();
        }
        assumeTrue(found, "promtool is not on the PATH, so the alert rules are not checked. Install prometheus.");
    }

    @Test
    void the_rules_can_be_loaded() throws Exception {
        promtool("check", "rules", "prometheus-rules.yml");
    }

    @Test
    void each_alert_fires_for_what_it_is_for_and_not_for_what_looks_alike() throws Exception {
        promtool("test", "rules", "prometheus-rules-test.yml");
    }

    @Test
    void each_alert_has_a_test_and_a_runbook() throws IOException {
        String rules = Files.readString(FILES.resolve("prometheus-rules.yml"));
        String tests = Files.readString(FILES.resolve("prometheus-rules-test.yml"));
        List<String> alerts =
                ALERT.matcher(rules).results().map(match -> match.group(1)).toList();
        List<String> runbooks =
                RUNBOOK.matcher(rules).results().map(match -> match.group(1)).toList();

        assertThat(alerts)
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allSatisfy(alert -> assertThat(tests).contains("alertname: " + alert + "\n        exp_alerts:\n"));
        assertThat(rules.split("runbook:", -1)).hasSize(alerts.size() + 1);
        assertThat(runbooks)
                .filteredOn(page -> !page.contains("{{"))
                .isNotEmpty()
                .allSatisfy(page -> assertThat(NamedTests.ROOT.resolve(page)).exists());
    }

    @Test
    void prometheus_understands_the_dashboards_queries() throws Exception {
        List<String> queries = new ArrayList<>();
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(FILES.resolve("grafana-dashboard.json")));
        for (JsonNode panel : dashboard.get("panels")) {
            JsonNode targets = panel.get("targets");
            if (targets != null) {
                targets.forEach(target -> queries.add(target.get("expr").asString()));
            }
        }
        assertThat(queries).hasSizeGreaterThan(20);
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        for (int i = 0; i < queries.size(); i++) {
            rules.append("      - record: query%d%n        expr: >-%n          %s%n"
                    .formatted(i, queries.get(i).replace("$job", ".*").replace("$__rate_interval", "5m")));
        }
        Path file = directory.resolve("dashboard.yml");
        Files.writeString(file, rules);

        promtool("check", "rules", "--lint=none", file.toString());
    }

    private static void promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(FILES.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }
}
