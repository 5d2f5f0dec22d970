package io.amends.dashboard.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.access.OpenToAll;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.refresh.Shared;
import io.amends.dashboard.refresh.SharedReads;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Whom routes are for. */
class ConsoleRoutesTest {

    static class Careless implements ConsoleController {

        @GetMapping("/everything")
        String everything() {
            return "everything";
        }
    }

    static class Undecided implements ConsoleController {

        @GetMapping("/half")
        @Requires(ConsolePermission.VIEW)
        @OpenToAll("or not")
        String half() {
            return "half";
        }
    }

    static class AnyMethod implements ConsoleController {

        @RequestMapping("/any")
        @Requires(ConsolePermission.VIEW)
        String any() {
            return "any";
        }
    }

    static class Personal implements ConsoleController {

        @GetMapping("/mine")
        @Shared
        @Requires(ConsolePermission.VIEW)
        String mine(HttpServletRequest request) {
            return String.valueOf(request.getRemoteUser());
        }
    }

    static class Changing implements ConsoleController {

        @PostMapping("/change")
        @Shared
        @Requires(ConsolePermission.VIEW)
        String change(Caller caller) {
            return caller.name();
        }
    }

    static class Careful implements ConsoleController {

        @GetMapping({"/one", "/two/{id}"})
        @Requires(ConsolePermission.UNMASK)
        String both() {
            return "both";
        }
    }

    private static ConsoleServlet console(ConsoleController controller) {
        return new ConsoleServlet(
                List.of(controller),
                request -> Optional.empty(),
                new Masking(List.of(), Set.of()),
                false,
                new SharedReads(SharedReads.DEFAULT_LOAD));
    }

    @Test
    void a_route_that_does_not_say_whom_it_is_for_keeps_the_console_from_starting() {
        assertThatThrownBy(() -> console(new Careless()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Careless#everything()")
                .hasMessageContaining("has to say by @Requires or @OpenToAll whom it is for");
        assertThatThrownBy(() -> console(new Undecided())).hasMessageContaining("Undecided#half()");
        assertThatThrownBy(() -> console(new AnyMethod())).hasMessageContaining("which HTTP method it is for");
    }

    @Test
    void a_route_whose_answers_may_be_somebody_s_own_can_t_be_shared() {
        assertThatThrownBy(() -> console(new Personal()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Personal#mine(")
                .hasMessageContaining("follows from a Caller, from @RequestParam and from @PathVariable alone");
        assertThatThrownBy(() -> console(new Changing())).hasMessageContaining("has to be a GET");
    }

    @Test
    void each_path_of_a_route_needs_its_permission() {
        try (ConsoleServlet console = console(new Careful())) {
            assertThat(console.routes().all())
                    .extracting(ConsoleRoutes.Route::method, ConsoleRoutes.Route::path, ConsoleRoutes.Route::permission)
                    .containsExactly(
                            tuple("GET", "/one", ConsolePermission.UNMASK),
                            tuple("GET", "/two/{id}", ConsolePermission.UNMASK));
            assertThat(console.routes().open()).isEmpty();
        }
    }
}
