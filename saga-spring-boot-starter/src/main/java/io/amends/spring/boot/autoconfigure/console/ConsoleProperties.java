package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.RightsMapping;
import io.amends.dashboard.access.RoleMapping;
import io.amends.dashboard.rest.ConsoleSettings;
import io.amends.dashboard.tenants.TenantMapping;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.spring.boot.autoconfigure.PropertyProblems;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the console.
 *
 * @param enabled Whether the console is there, below its path. Its tables are made in the same schema as the others.
 * @param path Path of the console, below the context path; on the management port below management.server.base-path.
 * @param port On which port the console is: the application's own, or management.server.port, which must be another one then.
 * @param readOnly Whether nobody can change anything in the console.
 * @param unsafeWithoutSecurity Whether the console may start without Spring Security, for everybody on this machine and
 *     with all permissions. Then server.address must be a loopback address, or management.server.address where the console is on the management port.
 * @param roles Which of the application's authorities make somebody what in the console.
 * @param permissions Authorities by what needs one of them, whatever the role: unmask, operate, repair, edit, bulk, approve,
 *     export-audit, or a verb such as skip. What is not named comes with a role.
 * @param edit Whether administrators can edit the data of stuck sagas and what Kafka refused of the outbox. Who can do that can
 *     change what participants are told to do.
 * @param fourEyes Verbs that need a second person; 'bulk' stands for every run over many sagas. None by default.
 * @param approvalWithin How long a second person can approve what somebody asked for.
 * @param statementTimeout How long a statement of the console's reads may take in the database.
 * @param liveLoad Which share of the time of one of the database's processors open pages may take by what they ask again and again by
 *     themselves, all of a process together, above 0 and at most 1. The smaller, the later pages show what others did; 40 s at most.
 * @param maskedPaths Names or paths of JSON fields that are masked in data, attributes, arguments and texts, in addition to
 *     what is annotated with @Masked. A name means every name that has its words.
 * @param tenant Which search attribute holds a saga's tenant, and whose sagas somebody sees.
 * @param moneyAttribute Search attribute that says how much money is at risk in a saga. None by default.
 * @param currencyAttribute Search attribute that says in which currency that is, so that only what has the same is added. None by
 *     default.
 * @param runbookBase Address below which the runbooks are, one for each reason code, without a slash at its end. Those that
 *     come with the console by default.
 * @param notes What your own people say about a definition, a step of it or a reason, as an address or a text. Keys are
 *     definition/step/REASON, definition/step, definition/REASON, definition or REASON; the most exact one is shown.
 * @param url Address at which people reach the console, such as https://shop.example/amends, without a slash at its end. Then alerts,
 *     log lines of sagas that get stuck, and spans link the saga's page.
 * @param traceLink Address of a trace in your tracing system, with {traceId} where the id belongs, such as
 *     https://tempo.example.com/trace/{traceId}. Without it a saga's page shows the id alone.
 */
@ConfigurationProperties("saga.console")
public record ConsoleProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("/amends") String path,
        @DefaultValue("application") ConsolePort port,
        @DefaultValue("false") boolean readOnly,
        @DefaultValue("false") boolean unsafeWithoutSecurity,
        @DefaultValue Roles roles,
        @DefaultValue Map<String, List<String>> permissions,
        @DefaultValue("false") boolean edit,
        @DefaultValue Set<String> fourEyes,
        @DefaultValue("24h") Duration approvalWithin,
        @DefaultValue("2s") Duration statementTimeout,
        @DefaultValue("0.008") double liveLoad,

        @DefaultValue({
            "password",
            "passwd",
            "passphrase",
            "secret",
            "token",
            "authorization",
            "credential",
            "credentials",
            "apiKey",
            "privateKey",
            "iban",
            "card",
            "pan",
            "cvv",
            "cvc",
            "pin",
            "ssn"
        })
        List<String> maskedPaths,

        @DefaultValue Tenant tenant,
        @Nullable String moneyAttribute,
        @Nullable String currencyAttribute,
        @Nullable String runbookBase,
        @DefaultValue Map<String, String> notes,
        @Nullable String url,
        @Nullable String traceLink) {

    private static final Pattern PATH = Pattern.compile("(?:/[A-Za-z0-9_-]++)++");
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9-]++");
    private static final String BULK = "bulk";

    public ConsoleProperties {
        PropertyProblems problems = new PropertyProblems();
        if (!PATH.matcher(path).matches()) {
            problems.add(
                    "saga.console.path is '%s', but must begin with a slash, have letters, digits, - and _ between slashes, and no slash at its end, such as /amends.",
                    path);
        }
        problems.atLeast("saga.console.approval-within", approvalWithin, Duration.ofMinutes(1));
        problems.atLeast("saga.console.statement-timeout", statementTimeout, Duration.ofMillis(10));
        List<String> verbs = new ArrayList<>(ConsoleVerb.NAMES);
        verbs.add(BULK);
        if (!(liveLoad > 0 && liveLoad <= 1)) {
            problems.add("saga.console.live-load is %s, but must be above 0 and at most 1, such as 0.01.", liveLoad);
        }
        fourEyes.stream()
                .filter(verb -> !verbs.contains(verb))
                .sorted()
                .forEach(verb -> problems.add(
                        "saga.console.four-eyes has '%s', which is none of: %s.", verb, String.join(", ", verbs)));
        Set<String> actions = actions();
        permissions.forEach((action, authorities) -> {
            if (!actions.contains(action)) {
                problems.add(
                        "saga.console.permissions has '%s', which is none of: %s.", action, String.join(", ", actions));
            } else if (authorities.stream().allMatch(String::isBlank)) {
                problems.add(
                        "saga.console.permissions.%s is empty, so that nobody could do it. Name the authorities of those who may, or leave it out: then it comes with a role.",
                        action);
            }
        });
        if (url != null && !url.matches("https?://[^/\\s]+(?:/[^\\s]*[^/\\s])?")) {
            problems.add(
                    "saga.console.url is '%s', but must begin with http:// or https://, have a host, and no slash at its end, such as https://shop.example%s.",
                    url, path);
        }
        if (traceLink != null && !leadsToTraces(traceLink)) {
            problems.add(
                    "saga.console.trace-link is '%s', but must begin with http:// or https://, have a host, and have %s behind it, such as https://tempo.example.com/trace/%s.",
                    traceLink, ConsoleSettings.TRACE_ID, ConsoleSettings.TRACE_ID);
        }
        if (currencyAttribute != null && moneyAttribute == null) {
            problems.add(
                    "saga.console.currency-attribute is '%s', but saga.console.money-attribute is missing: nothing says how much it is.",
                    currencyAttribute);
        }
        tenant.check(problems);
        problems.throwIfAny();
    }

    /** What can have authorities of its own. To look comes with every role, and who may edit may edit and retry. */
    private static Set<String> actions() {
        Set<String> all = new LinkedHashSet<>();
        for (ConsolePermission permission : ConsolePermission.values()) {
            if (permission != ConsolePermission.VIEW) {
                all.add(named(permission));
            }
        }
        all.addAll(ConsoleVerb.NAMES);
        all.remove(ConsoleVerb.EditAndRetry.NAME);
        return all;
    }

    private static String named(ConsolePermission permission) {
        return permission.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What has authorities of its own. */
    RightsMapping rights() {
        Map<ConsolePermission, List<String>> ofPermissions = new EnumMap<>(ConsolePermission.class);
        for (ConsolePermission permission : ConsolePermission.values()) {
            List<String> authorities = permissions.get(named(permission));
            if (authorities != null) {
                ofPermissions.put(permission, authorities);
            }
        }
        Map<String, List<String>> ofVerbs = new LinkedHashMap<>(permissions);
        ofVerbs.keySet().retainAll(ConsoleVerb.NAMES);
        return new RightsMapping(ofPermissions, ofVerbs);
    }

    /** The id is a part of the path, the query or the fragment, never of the host. */
    private static boolean leadsToTraces(String template) {
        int id = template.indexOf(ConsoleSettings.TRACE_ID);
        if (id < 0) {
            return false;
        }
        try {
            URI whole = new URI(template.replace(ConsoleSettings.TRACE_ID, "0"));
            URI before = new URI(template.substring(0, id));
            return String.valueOf(whole.getScheme()).matches("(?i)https?")
                    && whole.getHost() != null
                    && whole.getUserInfo() == null
                    && whole.getRawAuthority().equals(before.getRawAuthority());
        } catch (URISyntaxException notAnAddress) {
            return false;
        }
    }

    /**
     * Which search attribute holds a saga's tenant, and whose sagas somebody sees in the console.
     *
     * @param attribute Search attribute that holds a saga's tenant. None by default; then everybody in the console sees all
     *     sagas. With one, who has no authority of the following two sees none.
     * @param authorityPrefix What an authority of the application begins with that has a tenant's name behind it. Who has it
     *     sees that tenant's sagas in the console, and acts on them as their role allows.
     * @param allAuthority Authority of those who see the sagas of all tenants, and what is of no tenant.
     */
    public record Tenant(
            @Nullable String attribute,
            @DefaultValue("ROLE_AMENDS_TENANT_") String authorityPrefix,
            @DefaultValue("ROLE_AMENDS_ALL_TENANTS") String allAuthority) {

        private void check(PropertyProblems problems) {
            if (attribute != null && !ATTRIBUTE.matcher(attribute).matches()) {
                problems.add(
                        "saga.console.tenant.attribute is '%s', but a search attribute's name has lower case letters, digits and hyphens, as in @SearchAttribute(\"tenant\").",
                        attribute);
            }
            if (authorityPrefix.isBlank()) {
                problems.add(
                        "saga.console.tenant.authority-prefix is empty, so that every authority would be a tenant. Leave it out for ROLE_AMENDS_TENANT_.");
            } else if (allAuthority.startsWith(authorityPrefix)) {
                problems.add(
                        "saga.console.tenant.all-authority is '%s', which begins with saga.console.tenant.authority-prefix, '%s', so that it would be a tenant's too.",
                        allAuthority, authorityPrefix);
            }
        }

        TenantMapping mapping() {
            return new TenantMapping(attribute, authorityPrefix, allAuthority);
        }
    }

    /** The verbs that need a second person. */
    Set<String> verbsOfTwo() {
        return fourEyes.stream().filter(verb -> !verb.equals(BULK)).collect(Collectors.toSet());
    }

    /** Whether every run needs one. */
    boolean runsOfTwo() {
        return fourEyes.contains(BULK);
    }

    /**
     * Which of the application's authorities make somebody what in the console.
     *
     * @param viewer Authorities of those who may see everything, except what is masked.
     * @param operator Authorities of those who may also retry, pause, resume and extend deadlines, also in bulk, and
     *     approve.
     * @param admin Authorities of those who may do everything, and see what is masked.
     */
    public record Roles(
            @DefaultValue("ROLE_AMENDS_VIEWER") List<String> viewer,
            @DefaultValue("ROLE_AMENDS_OPERATOR") List<String> operator,
            @DefaultValue("ROLE_AMENDS_ADMIN") List<String> admin) {

        RoleMapping mapping() {
            return new RoleMapping(viewer, operator, admin);
        }
    }
}
