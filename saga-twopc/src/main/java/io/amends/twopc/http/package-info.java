/** Remote participants over HTTP: what a coordinator calls, and what a service answers. */
@NullMarked
package io.amends.twopc.http;

import org.jspecify.annotations.NullMarked;
