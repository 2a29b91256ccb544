// Starts the dashboard in the page.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App.jsx";
import { DashboardProvider } from "./context/DashboardContext.jsx";
import { ThemeProvider, markKeptTheme } from "./context/ThemeContext.jsx";
import "virtual:tokens.css";
import "./styles/base.css";
import "./styles/page.css";
import "./styles/cards.css";

markKeptTheme();
createRoot(document.getElementById("root")).render(
  <StrictMode>
    <ThemeProvider>
      <DashboardProvider>
        <App />
      </DashboardProvider>
    </ThemeProvider>
  </StrictMode>,
);
