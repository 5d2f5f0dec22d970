package io.amends.dashboard.stuck.offender;

import jakarta.servlet.http.Cookie;
import org.springframework.boot.convert.DurationStyle;

/** Wrong on purpose, see ModuleArrowsTest: what is stuck, told with Spring Boot and to browsers. */
class DashboardOffender {

    final DurationStyle style = DurationStyle.SIMPLE;

    final Cookie cookie = new Cookie("a", "b");
}
