package io.amends.dashboard.rest;

import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.OpenToAll;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.refresh.Shared;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The console's routes, and whom each is for. */
public final class ConsoleRoutes extends RequestMappingHandlerMapping {

    private final List<Route> routes = new ArrayList<>();

    /**
     * A route.
     *
     * @param method the HTTP method
     * @param path below the console's path, with its variables in braces
     * @param permission what it needs, null if it is open to all
     * @param handler what answers
     */
    public record Route(
            String method, String path, @Nullable ConsolePermission permission, Method handler) {}

    ConsoleRoutes() {}

    /** Only those that were given are routes. */
    @Override
    protected boolean isHandler(Class<?> type) {
        return false;
    }

    /**
     * Adds the routes of those.
     *
     * @throws IllegalStateException if one does not say whom it is for, or for which method it is, or can't be shared as it says
     */
    void add(List<? extends ConsoleController> controllers) {
        controllers.forEach(this::detectHandlerMethods);
        List<String> problems = new ArrayList<>();
        getHandlerMethods().forEach((info, handler) -> read(info, handler, problems));
        routes.sort(Comparator.comparing(Route::path).thenComparing(Route::method));
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join(" ", problems));
        }
    }

    private void read(RequestMappingInfo info, HandlerMethod handler, List<String> problems) {
        Requires required = handler.getMethodAnnotation(Requires.class);
        if ((required == null) == !handler.hasMethodAnnotation(OpenToAll.class)) {
            problems.add(
                    "Route %s of the console has to say by @Requires or @OpenToAll whom it is for.".formatted(handler));
            return;
        }
        if (info.getMethodsCondition().getMethods().isEmpty()) {
            problems.add("Route %s of the console has to say which HTTP method it is for.".formatted(handler));
        }
        if (handler.hasMethodAnnotation(Shared.class)
                && (!info.getMethodsCondition().getMethods().equals(Set.of(RequestMethod.GET))
                        || !SharingAdapter.canShare(handler))) {
            problems.add(
                    "Route %s of the console is @Shared, and has to be a GET whose answer follows from a Caller, from @RequestParam and from @PathVariable alone."
                            .formatted(handler));
        }
        for (RequestMethod method : info.getMethodsCondition().getMethods()) {
            for (String path : info.getPatternValues()) {
                routes.add(new Route(
                        method.name(), path, required == null ? null : required.value(), handler.getMethod()));
            }
        }
    }

    /** All of them, by path. */
    public List<Route> all() {
        return List.copyOf(routes);
    }

    /** The paths that need nobody to be known. */
    public List<String> open() {
        return routes.stream()
                .filter(route -> route.permission() == null)
                .map(Route::path)
                .distinct()
                .toList();
    }
}
