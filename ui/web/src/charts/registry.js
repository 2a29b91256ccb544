// The parts of Chart.js that are used, so that only they are loaded.
import {
  ArcElement, BarController, BarElement, CategoryScale, Chart, DoughnutController, Filler, LineController, LineElement,
  LinearScale, PointElement, Tooltip,
} from "chart.js";

Chart.register(
  ArcElement, BarController, BarElement, CategoryScale, DoughnutController, Filler, LineController, LineElement,
  LinearScale, PointElement, Tooltip,
);
