/** All browser tests in one file, and so in one process: they share a browser, which takes longer to start than to use. */
import "./sign-in.ts";
import "./attacks.ts";
import "./two-pages.ts";
import "./camera.ts";
import "./trouble.ts";
import "./accessibility.ts";
