package io.amends.dashboard.rest;

import org.springframework.web.bind.annotation.ResponseBody;

/**
 * Some routes of the console, written as for Spring MVC. It is served by a servlet of the console's own and bears no
 * {@code @Controller}, so that the application's settings, advice and interceptors do not change it, nor it them. Each
 * route says whom it is for by {@link io.amends.dashboard.access.Requires}. A parameter of type
 * {@link io.amends.dashboard.access.Caller} is who calls.
 */
@ResponseBody
public interface ConsoleController {}
