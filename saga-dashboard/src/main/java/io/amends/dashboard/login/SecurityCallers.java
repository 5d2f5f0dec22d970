package io.amends.dashboard.login;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsoleRole;
import io.amends.dashboard.access.RightsMapping;
import io.amends.dashboard.access.RoleMapping;
import io.amends.dashboard.gate.Callers;
import io.amends.dashboard.tenants.TenantMapping;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;

/** Who calls, as Spring Security knows it. Safe for use by many threads. */
public final class SecurityCallers implements Callers {

    private final RoleMapping mapping;
    private final RightsMapping rights;
    private final TenantMapping tenants;

    /** With those mappings of authorities. */
    public SecurityCallers(RoleMapping mapping, RightsMapping rights, TenantMapping tenants) {
        this.mapping = mapping;
        this.rights = rights;
        this.tenants = tenants;
    }

    @Override
    public boolean canLogOut() {
        return true;
    }

    @Override
    public Optional<Caller> of(HttpServletRequest request) {
        Authentication known = SecurityContextHolder.getContext().getAuthentication();
        if (known == null
                || !known.isAuthenticated()
                || known instanceof AnonymousAuthenticationToken
                || known.getName().isBlank()) {
            return Optional.empty();
        }
        List<String> authorities = known.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .flatMap(authority -> Optional.ofNullable(authority).stream())
                .toList();
        Set<ConsoleRole> roles = mapping.roles(authorities);
        return Optional.of(new Caller(
                known.getName(),
                request.getRemoteAddr(),
                roles,
                rights.rights(roles, authorities),
                tenants.scope(authorities)));
    }
}
