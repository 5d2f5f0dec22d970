package io.amends.dashboard.live;

import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.rest.ConsoleController;
import io.amends.dashboard.rest.ConsoleProblem;
import java.time.Duration;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Points for charts, as this process sees it. */
@RequestMapping("/api/v1")
public final class ChartsController implements ConsoleController {

    private final Charts charts;

    /** Of those. */
    public ChartsController(Charts charts) {
        this.charts = charts;
    }

    /**
     * The answer.
     *
     * @param every how far apart points are
     * @param points the oldest first
     */
    record ChartsAnswer(Duration every, List<ChartPoint> points) {}

    @GetMapping("/charts")
    @Requires(ConsolePermission.VIEW)
    ChartsAnswer charts(@RequestParam(defaultValue = "60") int minutes) {
        if (minutes < 1 || minutes > Charts.LONGEST.toMinutes()) {
            throw ConsoleProblem.badRequest(
                    Sentence.of("'minutes' is 1 to %d, not %d.", Charts.LONGEST.toMinutes(), minutes));
        }
        return new ChartsAnswer(Charts.EVERY, charts.last(Duration.ofMinutes(minutes)));
    }
}
