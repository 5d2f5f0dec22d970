package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.OpenToAll;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.gate.Callers;
import io.amends.dashboard.gate.Problem;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.tenants.TenantScope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * The one place where it is checked who may call which route. It asks who calls itself, and relies on nothing before it.
 */
final class AccessCheck implements HandlerInterceptor {

    /** Where the routes find who calls. */
    static final String CALLER = Caller.class.getName();

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final Callers callers;
    private final boolean readOnly;

    AccessCheck(Callers callers, boolean readOnly) {
        this.callers = callers;
        this.readOnly = readOnly;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod route)
                || !ConsoleController.class.isAssignableFrom(route.getBeanType())) {
            throw new ConsoleProblem(405, "METHOD", Sentence.of("%s is not possible here.", request.getMethod()));
        }
        if (route.hasMethodAnnotation(OpenToAll.class)) {
            return true;
        }
        Caller caller = callers.of(request).orElseThrow(() -> new ConsoleProblem(Problem.NOBODY));
        Requires required = route.getMethodAnnotation(Requires.class);
        if (required == null) {
            throw new IllegalStateException("Route %s names no permission.".formatted(route));
        }
        require(caller, required.value());
        keepToTenants(caller, route);
        if (readOnly && !READS.contains(request.getMethod())) {
            throw new ConsoleProblem(
                    403,
                    "READ_ONLY",
                    Sentence.of("The console is read-only here (saga.console.read-only). Nothing was done."));
        }
        request.setAttribute(CALLER, caller);
        return true;
    }

    private static void keepToTenants(Caller caller, HandlerMethod route) {
        TenantScope scope = caller.scope();
        if (scope.tenants().size() > TenantScope.MOST) {
            throw new ConsoleProblem(
                    403,
                    "TOO_MANY_TENANTS",
                    Sentence.of(
                            "%s has %d tenants by the application's authorities, and %d at most can be shown together. Give them all (saga.console.tenant), or fewer.",
                            caller.name(), scope.tenants().size(), TenantScope.MOST));
        }
        if (!scope.isAll() && !route.hasMethodAnnotation(ForTenants.class)) {
            throw ofAllTenants(caller);
        }
    }

    /** What is not one tenant's. */
    static ConsoleProblem ofAllTenants(Caller caller) {
        return new ConsoleProblem(
                403,
                "ALL_TENANTS",
                Sentence.of(
                        "This is about all tenants' sagas, and %s sees those of %s only. The application's authorities say so (saga.console.tenant).",
                        caller.name(), caller.scope()));
    }

    /** @throws ConsoleProblem if they may not order that verb */
    static void requireVerb(Caller caller, String verb) {
        if (!caller.rights().mayOrder(verb)) {
            require(caller, ConsolePermission.OPERATE);
            if (!caller.rights().named().containsKey(verb)) {
                require(caller, ConsolePermission.ofVerb(verb));
            }
            throw new ConsoleProblem(
                    403,
                    "FORBIDDEN",
                    Sentence.of(
                            "'%s' is for those with certain authorities of the application only (saga.console.permissions), and %s has none of them.",
                            verb, caller.name()));
        }
        if (!caller.keepsTenant(verb)) {
            throw tenantNotKept(Sentence.of(
                    "'%s' could make a saga another tenant's, and %s sees those of %s only. Let somebody order it who sees all tenants (saga.console.tenant).",
                    verb, caller.name(), caller.scope()));
        }
    }

    /**
     * Whoever approves a verb has it carried out, so that the tenants of who orders it are not asked alone.
     *
     * @throws ConsoleProblem if they may not approve that verb
     */
    static void requireApprovable(Caller caller, String verb) {
        if (!caller.keepsTenant(verb)) {
            throw tenantNotKept(Sentence.of(
                    "'%s' could make a saga another tenant's, and %s sees those of %s only. Let somebody approve it who sees all tenants (saga.console.tenant).",
                    verb, caller.name(), caller.scope()));
        }
    }

    private static ConsoleProblem tenantNotKept(Sentence detail) {
        return new ConsoleProblem(403, "ALL_TENANTS", detail);
    }

    /** @throws ConsoleProblem if they may not do that */
    static void require(Caller caller, ConsolePermission permission) {
        if (!caller.may(permission)) {
            throw new ConsoleProblem(
                    403,
                    "FORBIDDEN",
                    Sentence.of(
                            "%s needs the permission %s in the console. It comes with a role, or an authority of its own (saga.console.roles, saga.console.permissions).",
                            caller.name(), permission));
        }
    }
}
