package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.rest.ConsoleRoutes.Route;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import java.lang.reflect.Parameter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * A request that names something which somebody else has.
 *
 * @param route what is asked
 * @param path with its variables filled in, and at most one parameter
 * @param body empty for none
 * @param sent what the path says itself, which an answer may repeat
 */
record Probe(Route route, String path, String body, List<String> sent) {

    private static final String NOBODYS = "01999999-9999-7999-8999-999999999999";

    /** Bodies of orders about one of something. */
    private static final List<String> ORDERS = List.of("{\"reason\":\"to see\"}");

    /** Bodies of orders about many. */
    private static final List<String> FILTERS = List.of(
            "{\"verb\":\"retry\",\"q\":\"phase:STUCK\",\"reason\":\"r\"}",
            "{\"verb\":\"retry\",\"q\":\"phase:STUCK\"}",
            "{\"verb\":\"retry\",\"q\":\"tenant:Bonn phase:STUCK\",\"reason\":\"r\"}",
            "{\"verb\":\"retry\",\"q\":\"tenant:Bonn\"}");

    /**
     * All of a route: with each id in its path, and with each value in each of its parameters.
     *
     * @param ids whatever anything is called by
     * @param texts what a parameter could say
     */
    static Stream<Probe> of(Route route, List<String> ids, List<String> texts) {
        String path = route.path().replace("/{*name}", "/app.js");
        boolean isOfOne = path.contains("{");
        List<String> verbs = path.contains("{verb}") ? ConsoleVerb.NAMES : List.of("");
        List<String> named = isOfOne ? ids : List.of("");
        List<String> bodies = route.method().equals("GET") ? List.of("") : isOfOne ? ORDERS : FILTERS;
        return verbs.stream()
                .flatMap(verb -> named.stream()
                        .flatMap(id -> bodies.stream()
                                .flatMap(body -> withParameters(
                                        new Probe(
                                                route,
                                                path.replace("{verb}", verb).replaceAll("\\{[a-zA-Z]+}", id),
                                                body,
                                                id.isEmpty() ? List.of() : List.of(id)),
                                        ids,
                                        texts))));
    }

    private static Stream<Probe> withParameters(Probe plain, List<String> ids, List<String> texts) {
        Stream<Probe> more = Stream.of(plain.route().handler().getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(RequestParam.class))
                .flatMap(parameter -> values(parameter, ids, texts).map(value -> {
                    List<String> all = new ArrayList<>(plain.sent());
                    all.add(value);
                    String path = plain.path() + "?" + parameter.getName() + "=" + encoded(value);
                    return new Probe(plain.route(), path, plain.body(), all);
                }));
        return Stream.concat(Stream.of(plain), more);
    }

    private static Stream<String> values(Parameter parameter, List<String> ids, List<String> texts) {
        if (parameter.getType() == UUID.class) {
            return ids.stream().filter(Probe::isUuid);
        }
        return parameter.getType() == String.class ? texts.stream() : Stream.of();
    }

    /** Likewise, of something that nobody has. */
    Probe unknown() {
        String otherPath = path;
        List<String> others = new ArrayList<>();
        for (String value : sent) {
            String other = otherThan(value);
            otherPath = otherPath.replaceFirst("(?<=[/=])\\Q%s\\E".formatted(encoded(value)), encoded(other));
            others.add(other);
        }
        return new Probe(route, otherPath, body, others);
    }

    private static String otherThan(String value) {
        if (value.matches("[0-9]+")) {
            return "999999";
        }
        return isUuid(value) ? NOBODYS : value.substring(0, value.indexOf(':') + 1) + "nobody";
    }

    private static boolean isUuid(String value) {
        return value.matches("[0-9a-f-]{36}");
    }

    /** Whether an answer must not depend on whether there is what was named; where a page begins it may. */
    boolean namesSomething() {
        return !sent.isEmpty() && !path.contains("?after=");
    }

    /** What is told beyond what was said. */
    String told(Answer answer) {
        String text = answer.text();
        for (String value : sent) {
            // What is short for the attribute is answered as the attribute.
            for (String echo : List.of(value, value.replace("tenant:", "attr.town:"))) {
                text = text.replaceAll("(?<![\\w-])\\Q%s\\E(?![\\w-])".formatted(echo), "…");
            }
        }
        return text;
    }

    /** Whether the route says that it keeps to the caller's tenants. */
    boolean isForTenants() {
        return route.handler().isAnnotationPresent(ForTenants.class);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
