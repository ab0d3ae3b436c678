/**
 * Networks: named layers and how they connect, built in Java or read from network text. A network
 * enters from a user or a saved model and leaves as text, which {@code runtime} gives to native.
 * Native checks the shapes; names and attributes are checked here, in native's words.
 */
package dev.fovea.core.network;
