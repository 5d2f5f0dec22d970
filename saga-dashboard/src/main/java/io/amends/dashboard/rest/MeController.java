package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ConsoleRole;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.gate.CsrfCookie;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.ConsoleVerb.EditAndRetry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Who calls, and what they may do here. */
@RequestMapping("/api/v1")
public final class MeController implements ConsoleController {

    private final ConsoleSettings settings;
    private final CsrfCookie csrf;
    private final boolean logout;

    /**
     * With those settings.
     *
     * @param logout whether who calls logged in, and can log out
     */
    public MeController(ConsoleSettings settings, CsrfCookie csrf, boolean logout) {
        this.settings = settings;
        this.csrf = csrf;
        this.logout = logout;
    }

    /**
     * The answer.
     *
     * @param actor the name that the audit has
     * @param roles what they are
     * @param permissions what they may do
     * @param verbs which verbs they may order here
     * @param readOnly whether nobody can change anything here
     * @param csrf what each request has to bring that changes something
     * @param application what the application is called
     * @param version which version of it runs, null if that is not known
     * @param masked whether answers are masked
     * @param tenants whose sagas they see, null for all
     * @param fourEyes the verbs that need a second person
     * @param features what there is to see
     */
    record Me(
            Verbatim actor,
            List<ConsoleRole> roles,
            List<ConsolePermission> permissions,
            List<String> verbs,
            boolean readOnly,
            Csrf csrf,
            String application,
            @Nullable String version,
            boolean masked,
            @Nullable List<String> tenants,
            List<String> fourEyes,
            Features features) {}

    record Csrf(String header, Verbatim token) {}

    /** @param all whether they see what is of no tenant, or of all: messages, versions, charts */
    record Features(boolean twopc, boolean bulk, boolean outbox, boolean logout, boolean edit, boolean all) {}

    @GetMapping("/me")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("tells of the caller alone")
    Me me(Caller caller, HttpServletRequest request, HttpServletResponse response) {
        return new Me(
                new Verbatim(caller.name()),
                caller.roles().stream().sorted().toList(),
                caller.permissions().stream().sorted().toList(),
                ConsoleVerb.NAMES.stream()
                        .filter(verb -> !settings.readOnly() && caller.mayOrder(verb))
                        .filter(verb -> settings.edit() || !verb.equals(EditAndRetry.NAME))
                        .toList(),
                settings.readOnly(),
                new Csrf(CsrfCookie.HEADER, new Verbatim(csrf.of(request, response))),
                settings.application(),
                settings.version(),
                true,
                caller.scope().isAll() ? null : caller.scope().tenants(),
                settings.fourEyes().stream().sorted().toList(),
                new Features(
                        settings.twopc() && caller.scope().isAll(),
                        caller.may(ConsolePermission.BULK),
                        caller.scope().isAll(),
                        logout,
                        settings.edit() && caller.may(ConsolePermission.EDIT),
                        caller.scope().isAll()));
    }
}
